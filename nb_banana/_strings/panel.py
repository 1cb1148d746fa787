"""Sentences of the panel and its parts.

Those that begin with ``tray_``, ``viewer_``, ``status_``, ``key_`` or ``code_`` go to the page.
"""

TABLE: dict[str, tuple[str, str]] = {
    # controls
    "prompt": ("What should change?", "想怎么改？"),
    "prompt_example": (
        "Make the sky stormy; keep everything else as it is",
        "把天空改成暴风雨，其余保持不变",
    ),
    "model": ("Model", "模型"),
    "ratio": ("Ratio", "比例"),
    "size": ("Size", "尺寸"),
    "takes": ("Takes", "张数"),
    "auto": ("Auto", "自动"),
    "run": ("Edit", "编辑"),
    "run_generate": ("Generate", "生成"),
    "run_tip": ("Ctrl+Enter (⌘+Enter on a Mac)", "Ctrl+Enter（Mac 上为 ⌘+Enter）"),
    "stop": ("Stop", "停止"),
    "stop_tip": ("Esc", "Esc"),
    "save": ("Save", "保存"),
    "save_tip": ("Write the original file beside the notebook", "把原始文件保存到笔记本旁边"),
    "continue": ("Continue from result", "以结果继续"),
    "continue_tip": ("Use this picture as the input of the next edit", "把这张图片作为下一次编辑的输入"),
    "retry": ("Retry failed", "重试失败的"),
    "fetch": ("Fetch the paid picture", "取回已付费的图片"),
    "fetch_tip": (
        "Asks for the picture that was made and may be billed; nothing is sent and nothing is paid again",
        "重新下载已生成（可能已计费）的图片；不会发送新的请求，也不会再次付费",
    ),
    "measure": ("Measure changes", "测量变化"),
    "measure_tip": (
        "How much changed outside the region, and inside it",
        "区域外和区域内各有多少变化",
    ),
    "measuring": ("Measuring…", "正在测量…"),
    "compare": ("Compare with…", "与…对比"),
    "compared_name": ("Result {number}", "结果 {number}"),
    "prompt_short": ("Prompt", "提示词"),
    "cost": ("Cost", "费用"),
    "seconds": ("Time", "用时"),
    "pixels": ("Pixels", "像素"),
    "differs": ("differs", "不同"),
    "same": ("same", "相同"),
    "mark": ("Add as marked copy", "添加为标记副本"),
    "mark_tip": (
        "Put a copy of the input with the region outlined in red before it, for the model to see",
        "在原图之前加入一张以红框标出区域的副本，供模型参考",
    ),
    "mark_name": ("marked", "标记"),
    "marked": (
        "Image {number} now outlines the region in red. Name it in the prompt, for example: "
        "change only what image {number} outlines in red; draw no outline.",
        "图片 {number} 已用红框标出区域。请在提示词中提到它，例如：只改图片 {number} 红框内的内容，不要画出红框。",
    ),
    "pick": ("Take {take}", "第 {take} 张"),
    "add_key": ("Add a key…", "填写密钥…"),
    "examples": ("More examples…", "更多示例…"),
    # who answers
    "sandbox": (
        "◇ Sandbox: sample results, nothing is sent, nothing costs",
        "◇ 沙盒模式：示例结果，不联网、不计费",
    ),
    "ready": ("● {provider}: ready", "● {provider}：就绪"),
    "place_changed": (
        "Edits now go elsewhere: {place}. Nothing was sent; click again to go on. {price}",
        "请求的去向变了：{place}。尚未发送；再次点击即可继续。{price}",
    ),
    # what a click sends
    "sends_none": ("Sends the prompt only", "只发送提示词"),
    "sends_one": ("Sends 1 picture, {width}×{height}, {size}", "发送 1 张图片，{width}×{height}，{size}"),
    "sends_many": (
        "Sends {count} pictures, {size} in all; the last one, {width}×{height}, sets the shape",
        "发送 {count} 张图片，共 {size}；形状由最后一张（{width}×{height}）决定",
    ),
    "comes": ("returns about {width}×{height} ({ratio})", "返回约 {width}×{height}（{ratio}）"),
    "estimated": ("about {cost}", "约 {cost}"),
    "no_price": ("price not known", "价格未知"),
    "made_smaller": (
        "⚠ {names}: over the limits of {provider}, made smaller before sending",
        "⚠ {names}：超过 {provider} 的限制，发送前会缩小",
    ),
    "over_advice": (
        "· {names}: more than the {edge} pixels along an edge that {provider} advises; sent with every pixel",
        "· {names}：边长超过 {provider} 建议的 {edge} 像素；按原始像素发送",
    ),
    # states
    "state_empty": (
        "Add a picture and say what should change. A prompt alone makes a new picture.",
        "添加一张图片并写下想怎么改。只写提示词则生成新图片。",
    ),
    "state_no_prompt": ("Now say what should change.", "接下来写下想怎么改。"),
    "state_ready": ("Ready to edit.", "可以开始编辑。"),
    "state_generate": ("Ready to make a new picture from the prompt.", "可以根据提示词生成新图片。"),
    "needs_prompt": (
        "Write what should change first; nothing was sent.",
        "请先写下想怎么改；没有发送任何内容。",
    ),
    "state_running": ("Working, {elapsed}", "正在处理，已用 {elapsed}"),
    "state_usual": ("usually {span}", "通常 {span}"),
    "state_came": ("{came} of {count} done", "已完成 {came}/{count}"),
    "hint_long": (
        "Longer than the recommended {limit}. The request is still open; stopping now may still be billed.",
        "已超过建议的 {limit}。请求仍在进行；现在停止也可能计费。",
    ),
    "say_start": ("Edit started", "开始编辑"),
    "say_still": ("Still working", "仍在处理"),
    "say_long": ("Taking longer than recommended", "耗时已超过建议值"),
    "say_done": ("Done", "完成"),
    "state_done": ("Done: {facts}", "完成：{facts}"),
    "state_partial": ("{came} of {count} pictures came: {facts}", "{count} 张中完成 {came} 张：{facts}"),
    "state_returned": ("Back from history: {facts}", "来自历史记录：{facts}"),
    "replayed": ("from history, no cost", "来自历史记录，不计费"),
    "state_no_image": (
        "The model answered without a picture.",
        "模型回答了，但没有给出图片。",
    ),
    "state_blocked": ("Blocked by the provider.", "被服务商拦截。"),
    "state_broken": (
        "Something in nb_banana went wrong ({kind}: {reason}).",
        "nb_banana 内部出错（{kind}：{reason}）。",
    ),
    "hint_broken": (
        "panel.wait() in a cell raises it with its traceback; please report it.",
        "在单元格中运行 panel.wait() 可看到完整错误，请反馈给我们。",
    ),
    "state_stopped": ("Stopped waiting.", "已停止等待。"),
    "stopped_came": ("{came} already came and are kept.", "已收到的 {came} 张已保留。"),
    "hint_stopped": (
        "The provider may still bill; if the picture still comes it is filed in the history.",
        "服务商仍可能计费；如果图片之后到达，会存入历史记录。",
    ),
    "hint_stopped_sandbox": (
        "Nothing is billed; if the picture still comes it is filed in the history.",
        "不计费；如果图片之后到达，会存入历史记录。",
    ),
    "cut": (
        "The edit was cut off from inside the kernel before an answer came.",
        "编辑在收到结果之前被内核中断。",
    ),
    "hint_cut": (
        "The provider may still bill; nb.history() says how far it got. Click again to send another one.",
        "服务商仍可能计费；进度见 nb.history()。再次点击会发送新的请求。",
    ),
    "hint_cut_sandbox": ("Nothing is billed. Click again to repeat it.", "不计费。再次点击即可重试。"),
    "late_came": (
        "The picture you stopped waiting for came: {facts}. It is in nb.history() as record {record}.",
        "停止等待的图片已到达：{facts}。已存入 nb.history()，记录为 {record}。",
    ),
    "late_failed": (
        "The edit you stopped waiting for ended without a picture: {reason}",
        "停止等待的编辑已结束，没有图片：{reason}",
    ),
    "late_not_sent": (
        "The edit you stopped was not sent after all; nothing is billed.",
        "被停止的编辑没有发出，不会计费。",
    ),
    "wait_left": (
        "The service asks to wait; try again in {seconds} s.",
        "服务要求等待，请在 {seconds} 秒后重试。",
    ),
    "wait_done": ("The wait is over; try again now.", "等待结束，现在可以重试。"),
    "wait_over": (
        "The edit is still running after {timeout} s; wait again, or stop it in the panel.",
        "{timeout} 秒后编辑仍在进行；请继续等待，或在面板中停止。",
    ),
    # after a run
    "saved": ("Saved as {path}", "已保存为 {path}"),
    "not_saved": ("Not saved: {reason}", "未能保存：{reason}"),
    "continued": (
        "The result is now the input. Say what should change next.",
        "结果已作为输入。请写下接下来想怎么改。",
    ),
    "step_name": ("result {number}", "结果 {number}"),
    "listener_failed": (
        "⚠ A function given to on_result failed ({kind}: {reason}); the result is kept.",
        "⚠ on_result 的函数出错（{kind}：{reason}）；结果已保留。",
    ),
    "inputs_not_kept": (
        "⚠ The input pictures could not be written beside the history: {reason}",
        "⚠ 输入图片无法写入历史文件夹：{reason}",
    ),
    "code_out": ("Each result is assigned to {name}.", "每个结果都会赋值给 {name}。"),
    "plain": (
        "nb_banana panel: run this cell again to use it.",
        "nb_banana 面板：请重新运行此单元格以使用。",
    ),
    "out_not_a_name": (
        "out={name!r} is not a variable name; use letters, digits and underscores.",
        "out={name!r} 不是变量名；请使用字母、数字和下划线。",
    ),
    "out_taken": (
        "{name} is a {kind} in this notebook; choose another name for out=.",
        "{name} 在本笔记本中是 {kind}；请为 out= 换一个名字。",
    ),
    # the tray
    "tray_title": ("Input pictures", "输入图片"),
    "tray_drop": ("Drop, paste or choose a picture", "拖放、粘贴或选择图片"),
    "tray_paste_hint": (
        "PNG, JPEG, WebP, HEIC or GIF; Ctrl+V pastes",
        "PNG、JPEG、WebP、HEIC 或 GIF；Ctrl+V 可粘贴",
    ),
    "tray_more": ("Add", "添加"),
    "tray_source": ("URL, path or variable", "URL、路径或变量名"),
    "tray_add": ("Add", "添加"),
    "tray_clear": ("Remove all", "全部移除"),
    "tray_camera": ("Camera", "拍照"),
    "tray_shoot": ("Take the picture", "拍下"),
    "tray_camera_off": ("Turn the camera off", "关闭摄像头"),
    "tray_no_camera": (
        "The camera can't be used ({reason}): allow it in the browser, or choose a file.",
        "无法使用摄像头（{reason}）：请在浏览器中允许，或选择文件。",
    ),
    "tray_label": ("Image {number}", "图片 {number}"),
    "tray_decides": ("sets the shape", "决定比例"),
    "tray_decides_why": (
        "With ratio Auto, the last picture decides the shape of the result",
        "比例为“自动”时，结果的形状由最后一张图片决定",
    ),
    "tray_earlier": ("Move {name} earlier", "将 {name} 前移"),
    "tray_later": ("Move {name} later", "将 {name} 后移"),
    "tray_remove": ("Remove {name}", "移除 {name}"),
    "tray_cancel": ("Cancel the upload of {name}", "取消上传 {name}"),
    "tray_waiting": ("Waiting for the kernel", "等待内核"),
    "tray_dismiss": ("Dismiss", "知道了"),
    "tray_unnamed": ("picture ({kind})", "图片（{kind}）"),
    "tray_torn": (
        "{name} did not arrive whole; add it again.",
        "{name} 没有完整到达，请重新添加。",
    ),
    "tray_too_large": (
        "{name} has {size}; the tray takes up to {limit}. Make it smaller first.",
        "{name} 有 {size}，最多 {limit}。请先缩小。",
    ),
    # the viewer
    "viewer_slider": ("Slider", "滑块"),
    "viewer_side": ("Side by side", "并排"),
    "viewer_blink": ("Blink", "闪烁"),
    "viewer_difference": ("Difference", "差异"),
    "viewer_modes": ("Compare", "对比方式"),
    "viewer_fit": ("Fit", "适应"),
    "viewer_in": ("Zoom in", "放大"),
    "viewer_out": ("Zoom out", "缩小"),
    "viewer_screen": ("Full screen", "全屏"),
    "viewer_download": ("Download", "下载"),
    "viewer_copy": ("Copy", "复制"),
    "viewer_copied": ("Copied", "已复制"),
    "viewer_copy_failed": ("Can't copy here", "此处无法复制"),
    "viewer_split": ("Before and after", "前后对比"),
    "viewer_split_value": ("{percent} % edited", "{percent} % 编辑后"),
    "viewer_before": ("Before", "之前"),
    "viewer_after": ("After", "之后"),
    "viewer_before_alt": ("Before: {name}", "编辑前：{name}"),
    "viewer_after_alt": ("After: {name}", "编辑后：{name}"),
    "viewer_stage": (
        "Picture. Arrows move the divider, plus and minus zoom, hold Space for the original",
        "图片。方向键移动分隔线，加减号缩放，按住空格看原图",
    ),
    "viewer_from": ("from {facts}", "原图 {facts}"),
    "viewer_region": ("Region", "区域"),
    "viewer_left": ("Left", "左"),
    "viewer_top": ("Top", "上"),
    "viewer_width": ("Width", "宽"),
    "viewer_height": ("Height", "高"),
    "viewer_clear": ("Clear", "清除"),
    "viewer_empty": ("The edited picture appears here.", "编辑后的图片会显示在这里。"),
    # the status line, for what only the page can know
    "status_queued": ("Waiting for the kernel: another cell is running.", "等待内核：另一个单元格正在运行。"),
    "status_gone": (
        "The kernel is gone. Run this cell again to go on; finished pictures are in the history folder.",
        "内核已断开。请重新运行此单元格；已完成的图片在历史文件夹中。",
    ),
    "status_details": ("Details", "详细信息"),
    # the key
    "key_label": ("API key, for this session only", "API 密钥（仅用于本次会话）"),
    "key_use": ("Use", "使用"),
    "key_use_sure": ("Use it there", "确认使用"),
    "key_place": ("Provider", "服务商"),
    "key_choose": ("Choose…", "请选择…"),
    "key_other": ("Another address…", "其他地址…"),
    "key_address": ("Address (https://…)", "地址（https://…）"),
    "key_goes": ("Edits will go to {url}", "编辑请求将发往 {url}"),
    "key_need_key": ("Paste the key first.", "请先粘贴密钥。"),
    "key_need_place": (
        "Choose whose key this is; nothing has been sent.", "请选择这是哪家服务商的密钥；尚未发送任何内容。",
    ),
    "key_need_address": (
        "Type the address this key is for; nothing has been sent.", "请填写密钥对应的地址；尚未发送任何内容。",
    ),
    "key_guessed": (
        "This looks like a key of {looks}. If it is, press again; if not, choose another provider.",
        "这个密钥看起来属于 {looks}。如果没错，请再按一次；否则请选择其他服务商。",
    ),
    "key_mismatch": (
        "This looks like a key of {looks}, not of {place}. To use it there all the same, press again.",
        "这个密钥看起来属于 {looks}，而不是 {place}。如果确实要这样使用，请再按一次。",
    ),
    "key_help": (
        "Kept in the kernel's memory, never in the notebook. To keep it for good, set APIYI_API_KEY or "
        "GOOGLE_API_KEY in the environment that starts Jupyter.",
        "只保存在内核内存中，不会写入笔记本。如需长期使用，请在启动 Jupyter 的环境中设置 APIYI_API_KEY 或 "
        "GOOGLE_API_KEY。",
    ),
    # the code
    "code_title": ("Python", "Python"),
    "code_copy": ("Copy", "复制"),
    "code_copied": ("Copied", "已复制"),
    "code_copy_failed": ("Select and press Ctrl+C", "请选中后按 Ctrl+C"),
}
