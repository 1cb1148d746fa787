"""Sentences of the measures: what each is, and why one has no figure."""

TABLE: dict[str, tuple[str, str]] = {
    "bad_pair": (
        "{kind} is no pair: give a result, or (before, after), or (before, after, mask).",
        "{kind} 不是一对图片：请传入结果，或 (之前, 之后)，或 (之前, 之后, 蒙版)。",
    ),
    "none": ("{name} has no figure here: {reason}", "{name} 在此没有数值：{reason}"),
    "no_before": ("there is no picture before it", "没有修改前的图片"),
    "no_mask": ("no mask or region was given", "没有给出蒙版或区域"),
    "all_masked": ("nothing lies outside of the mask", "蒙版之外没有像素"),
    "no_request": ("nobody knows what was asked: this is a pair of pictures", "这只是一对图片，不知道要求是什么"),
    "too_small": ("the picture is smaller than 11 pixels", "图片小于 11 像素"),
    "no_number": ("it gave no number but {value}", "得到的不是数值，而是 {value}"),
    "bad_argument": ("{name}={value} is none of {among}.", "{name}={value} 不是以下之一：{among}。"),
    "bad_measure": (
        "{value} is no measure: give one of nb.measures, its name, or a function of a result.",
        "{value} 不是度量：请使用 nb.measures 中的一个、它的名称，或以结果为参数的函数。",
    ),
    "known": ("Names: {names}.", "可用名称：{names}。"),
    "bad_workers": ("workers={value} is no whole number from 1 to 64.", "workers={value} 无效：应为 1 到 64 的整数。"),
    "two_columns": ("two measures are called {name}: give one of them another name.", "有两个度量都叫 {name}：请给其中一个换名。"),
    "higher": ("higher is better", "越高越好"),
    "lower": ("lower is better", "越低越好"),
    "about_changed": (
        "share of the pixels that differ by more than 5 CIEDE2000 at 512 px after alignment, outside and inside of the mask; seen is the share that the result still shows",
        "对齐后在 512 像素下 CIEDE2000 差异大于 5 的像素比例，分蒙版外与蒙版内；seen 为结果仍显示的比例",
    ),
    "about_drift": (
        "1 − SSIM (gray, even 7 px window) at 512 px as the pictures lie, and differing bits of 64 of the perceptual hash",
        "512 像素下不对齐的 1 − SSIM（灰度，7 像素均匀窗口），以及 64 位感知哈希中不同的位数",
    ),
    "about_alignment": (
        "shift in pixels of the input, zoom, and correlation of the outlines at 512 px",
        "以输入图片像素计的位移、缩放，以及 512 像素下轮廓的相关系数",
    ),
    "about_color": (
        "mean CIEDE2000 over the pixels at 512 px (Lanczos), as the pictures lie",
        "512 像素下（Lanczos）逐像素 CIEDE2000 的平均值，不对齐",
    ),
    "about_asked": ("ratio, pixels and model asked for, beside what came", "所要求的比例、像素和模型，与实际得到的对照"),
    "about_fidelity": (
        "{name}: kind, channels, filter, whose frame both are brought to, and which pixels count (all, outside the mask, or the mask made black and averaged over all as PIE-Bench does); _ceiling is the same figure for an untouched picture, resized there and back",
        "{name}：种类、通道、缩放滤波器、以谁的尺寸为准、计入哪些像素（全部；蒙版外；或像 PIE-Bench 那样把蒙版涂黑后对全部像素取平均）；_ceiling 为同一图片未经修改、只缩放往返时的数值",
    ),
    "about_text": (
        "the text asked for in quotes, read back by rapidocr: drawn, otherwise (with what was read), or nothing found, which is not “no”; character error rate of the best match, in any order of the pieces",
        "用 rapidocr 读回引号中要求的文字：drawn（已画出）、otherwise（画成别的，附读到的内容）或 nothing（未找到，这并不等于没有）；字符错误率取最佳匹配，不计片段顺序",
    ),
    "bad_better": (
        "{name}.better is {value}; say 'higher' or 'lower', or leave it away.",
        "{name}.better 为 {value}；请写 'higher' 或 'lower'，或不写。",
    ),
    "about_own": ("a function of one's own", "自定义函数"),
    "about_lpips": ("LPIPS ({name}), the result resized to the input by Lanczos, RGB from −1 to 1", "LPIPS（{name}），结果以 Lanczos 缩放到输入尺寸，RGB −1…1"),
    "no_quotes": ("the prompt asks for no text in quotes", "提示词没有用引号要求文字"),
    "no_prompt": ("nobody knows which text was asked for: give text=…", "不知道要求了什么文字：请传入 text=…"),
    "nothing_found": ("nothing like it was found; it may be there all the same", "未找到类似文字，但它仍可能存在"),
    "bad_text": ("text={value} holds no letter to look for.", "text={value} 中没有可查找的字符。"),
    "needs_package": ("{name} needs {package}, which is not installed.", "{name} 需要 {package}，但它尚未安装。"),
    "needs_ocr_hint": ("Install it with: pip install 'nb_banana[ocr]'", "请运行：pip install 'nb_banana[ocr]'"),
    "needs_package_hint": ("Install it with: pip install {package}", "请运行：pip install {package}"),
    "no_reader": ("rapidocr can't start: {reason}", "rapidocr 无法启动：{reason}"),
    "needs_weights": (
        "{name} needs a network's weights. Its package would download them, and that is not done here.",
        "{name} 需要网络权重。它的软件包会去下载，这里不会这样做。",
    ),
    "needs_weights_hint": (
        "Get the file as its makers say, and give its path: weights=\"…\"",
        "请按其作者的说明取得文件，并传入路径：weights=\"…\"",
    ),
    "bad_weights": ("the weights in {path} can't be used: {reason}", "{path} 中的权重无法使用：{reason}"),
    "no_cache": ("Figures are not kept for later: {reason}", "数值无法保存以备后用：{reason}"),
    "title": ("{pairs} pairs, {columns} columns; {missing} figures missing", "{pairs} 对，{columns} 列；缺少 {missing} 个数值"),
    "missing": ("{column}: {count} of {pairs} missing: {reason}", "{column}：{pairs} 个中缺 {count} 个：{reason}"),
}
