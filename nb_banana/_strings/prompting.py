"""The panel's words about prompts: presets, blanks, the model menu, and what its page says by itself."""

TABLE: dict[str, tuple[str, str]] = {
    # presets
    "manage": ("Presets…", "预设…"),
    "manage_tip": (
        "Save this prompt with its settings, delete presets, share them as a file",
        "保存当前提示词和设置、删除预设、以文件共享预设",
    ),
    "own": ("★ {name}", "★ {name}"),
    "name": ("Preset name", "预设名称"),
    "save": ("Save as preset", "保存为预设"),
    "save_tip": (
        "Keeps the prompt and the settings, not the pictures; the same name replaces",
        "保存提示词和设置，不含图片；同名则替换",
    ),
    "delete": ("Delete", "删除"),
    "file": ("Presets file", "预设文件"),
    "export": ("Export", "导出"),
    "export_tip": ("Write all your presets into this new file", "将所有预设写入这个新文件"),
    "import": ("Import", "导入"),
    "import_tip": ("Take over the presets of this file", "导入这个文件中的预设"),
    "saved": ("Saved as “{name}”, in {path}.", "已保存为“{name}”（{path}）。"),
    "replaced": ("“{name}” replaced, in {path}.", "已替换“{name}”（{path}）。"),
    "deleted": ("“{name}” deleted. Its prompt was: {prompt}", "已删除“{name}”。其提示词为：{prompt}"),
    "exported": ("{count} presets written to {path}.", "已将 {count} 个预设写入 {path}。"),
    "imported": ("Added: {added}.", "已添加：{added}。"),
    "imported_none": ("Nothing new in {path}.", "{path} 中没有新的预设。"),
    "clashing": (
        "Left out, for the name stands for something else here: {names}. Rename or delete yours first.",
        "以下名称在本机已有不同内容，未导入：{names}。请先重命名或删除自己的。",
    ),
    "not_offered": ("Not offered here: {what}.", "此处不提供：{what}。"),
    "this": ("This preset", "此预设"),
    "row": ("Preset {number} of {path}", "{path} 的第 {number} 个预设"),
    "no_name_or_prompt": (
        "{where} needs a name on one line and a prompt.",
        "{where}需要一个单行名称和提示词。",
    ),
    "too_long": (
        "{where} is too long: a name may have {name} characters, a prompt {prompt}.",
        "{where}过长：名称最多 {name} 个字符，提示词最多 {prompt} 个。",
    ),
    "bad_setting": (
        "{where} has a setting that presets don't keep: {name!r}. They keep model, aspect_ratio, image_size, seed "
        "and extra.",
        "{where}含有预设不保存的设置：{name!r}。可保存 model、aspect_ratio、image_size、seed 和 extra。",
    ),
    "no_preset": ("There is no preset {name!r}.", "没有名为 {name!r} 的预设。"),
    "too_many": ("More than {most} presets; delete some first.", "预设超过 {most} 个；请先删除一些。"),
    "none_to_export": ("There are no presets to export yet.", "还没有可导出的预设。"),
    "export_exists": (
        "{path} exists already and was left alone; choose another name.",
        "{path} 已存在，未作改动；请换一个文件名。",
    ),
    "not_written": ("{path} can't be written: {reason}", "无法写入 {path}：{reason}"),
    "no_file": ("There is no file {path}.", "没有文件 {path}。"),
    "damaged": ("{path} can't be read as presets: {reason}", "无法将 {path} 读作预设：{reason}"),
    "damaged_hint": (
        "It was left as it is; mend it, move it away, or name another file in NB_BANANA_PRESETS.",
        "文件未作改动；请修复或移走它，或用 NB_BANANA_PRESETS 指定另一个文件。",
    ),
    "not_presets": (
        "it holds no presets of this version of nb_banana.",
        "其中没有此版本 nb_banana 的预设。",
    ),
    # blanks
    "unfilled": ("Fill in {names} in the prompt first.", "请先填写提示词中的 {names}。"),
    "braces": (
        "· {names}: sent as it is written; only a template's or preset's blanks are waited for.",
        "· {names}：按原样发送；只有模板或预设中的填空才会提示填写。",
    ),
    # the model menu
    "priced": ("{title} · {cost}", "{title} · {cost}"),
    "ends": ("{label} · ends {date}", "{label} · {date} 下线"),
    "may_end": ("{label} · may end {date}", "{label} · 可能于 {date} 下线"),
    # the page
    "keys": ("?", "?"),
    "keys_tip": ("Keys, and a word when a run is done", "快捷键，以及完成提醒"),
    "page_keys": ("Keys", "快捷键"),
    "page_close": ("Close", "关闭"),
    "page_tell": (
        "Tell me when an edit of over 20 s ends while this tab is hidden",
        "标签页隐藏时，超过 20 秒的编辑结束后提醒我",
    ),
    "page_denied": (
        "The browser does not allow notifications for this address; allow them in its site settings.",
        "浏览器不允许此地址发送通知；请在网站设置中允许。",
    ),
    "page_told_done": ("The edit is done", "编辑已完成"),
    "page_told_other": ("The edit ended; have a look", "编辑已结束，请查看"),
    "page_key_run": ("{ctrl} Enter|Edit, from anywhere in the panel", "{ctrl} Enter|编辑（面板内任何位置）"),
    "page_key_stop": ("Esc|Stop waiting; close what is open", "Esc|停止等待；关闭打开的窗口"),
    "page_key_step": ("Alt ← →|A step back, a step forward", "Alt ← →|上一步、下一步"),
    "page_key_paste": ("{ctrl} V|Paste a picture", "{ctrl} V|粘贴图片"),
    "page_key_past": (
        "↑ ↓|In the prompt: earlier prompts, and back to yours",
        "↑ ↓|在提示词框中：更早的提示词，再回到当前内容",
    ),
    "page_key_blank": ("Tab|In the prompt: the next blank of a template", "Tab|在提示词框中：模板的下一处填空"),
    "page_key_reel": ("← → Enter|Among the results: walk, show; S stars one", "← → Enter|在结果中：移动、查看；S 标星"),
    "page_key_before": ("Space|On the picture: hold for the original", "空格|在图片上：按住看原图"),
    "page_key_zoom": ("+ −|On the picture: zoom; arrows move the divider", "+ −|在图片上：缩放；方向键移动分隔线"),
    "page_key_draw": ("E [ ]|While drawing: brush or eraser, smaller, larger", "E [ ]|绘制时：画笔或橡皮、变小、变大"),
    "page_key_undo": ("{ctrl} Z|While drawing: undo; with Shift redo", "{ctrl} Z|绘制时：撤销；加 Shift 重做"),
    "page_key_sheet": ("?|This list, outside text fields", "?|此列表（不在文本框中时）"),
}
