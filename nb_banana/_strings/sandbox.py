"""Sentences of the sandbox: its server, its faults, its honest notes."""

TABLE: dict[str, tuple[str, str]] = {
    "unknown_fault": (
        "The sandbox has no fault named “{name}”; choose from {choices}.",
        "沙盒没有名为“{name}”的故障；可选：{choices}。",
    ),
    "timeout": ("The sandbox was asked to stay silent (timeout).", "沙盒按要求不作应答（timeout）。"),
    "network": ("The sandbox was asked to break the connection (network).", "沙盒按要求断开连接（network）。"),
    "closed": ("The sandbox was closed while it waited.", "沙盒在等待期间被关闭。"),
    "no_such_path": (
        "The sandbox serves no {path}; POST to one of {paths}.",
        "沙盒没有 {path}；请 POST 到以下路径之一：{paths}。",
    ),
    "no_size": (
        "{model} makes one size only; leave imageSize out.",
        "{model} 只有一种尺寸，请不要发送 imageSize。",
    ),
    "too_many": (
        "{count} input pictures are more than the {limit} that {model} takes; send fewer.",
        "输入图片共 {count} 张，超过 {model} 的上限 {limit} 张，请减少。",
    ),
    "mask_size": (
        "The mask has {mask} pixels, the first picture {picture}: both must have the same size.",
        "蒙版为 {mask} 像素，第一张图片为 {picture}：两者尺寸必须相同。",
    ),
    "mask_alpha": (
        "Invalid mask image format - mask image missing alpha channel: what is fully transparent is edited.",
        "Invalid mask image format - mask image missing alpha channel：蒙版没有透明通道；完全透明的部分才会被编辑。",
    ),
    "outline": (
        "The red outline is still where it was drawn: the sandbox does not paint it out, a real model would.",
        "红色轮廓线仍在原处：沙盒不会把它抹去，真实模型会。",
    ),
    "unreadable": ("This request can't be read: {reason}", "无法读取该请求：{reason}"),
    "bad_length": (
        "The request body's length “{length}” is not one this server reads; send at most 160 MB.",
        "无法按长度“{length}”读取请求体；最多发送 160 MB。",
    ),
    "no_font": (
        "In the sandbox's picture {signs}: no font here has these letters. Install {package}, or name a folder with such "
        "a font in NB_BANANA_FONTS, then run this again.",
        "沙盒图片中 {signs}：本机没有含这些字符的字体。请安装 {package}，或用 NB_BANANA_FONTS 指定字体文件夹，然后重试。",
    ),
    "part_left_out": (
        "The sandbox painted this: {done}. It only marks where this would be: {things}. A real model would paint both.",
        "沙盒画出了：{done}；只标出以下内容应在的位置：{things}。真实模型会全部画出来。",
    ),
    "left_out": (
        "The sandbox only marks where this would be: {things}. A real model would paint it.",
        "沙盒只标出以下内容应在的位置：{things}。真实模型会把它画出来。",
    ),
    "not_understood": (
        "The sandbox did not understand this prompt and only touched up light and colour; a real model would follow it.",
        "沙盒没有看懂这条指令，只略微调整了光线和色彩；真实模型会按指令修改。",
    ),
    # what it painted, in a word
    "did_collage": ("the pictures side by side", "图片并排"),
    "did_ratio": ("the ratio", "画面比例"),
    "did_text": ("the letters", "文字"),
    "did_mirror": ("mirrored", "镜像"),
    "did_rotate_left": ("turned left", "向左旋转"),
    "did_rotate_right": ("turned right", "向右旋转"),
    "did_camera_birdseye": ("a bird's-eye view", "鸟瞰视角"),
    "did_camera_low": ("a low angle", "低角度"),
    "did_camera_left": ("seen from the left", "左侧视角"),
    "did_camera_right": ("seen from the right", "右侧视角"),
    "did_zoom": ("closer", "拉近"),
    "did_extend": ("wider", "扩展画面"),
    "did_denoise": ("less noise", "降噪"),
    "did_enhance": ("more detail", "增强细节"),
    "did_sharpen": ("sharper", "锐化"),
    "did_colourise": ("coloured", "上色"),
    "did_night": ("night", "夜晚"),
    "did_brighter": ("brighter", "提亮"),
    "did_darker": ("darker", "调暗"),
    "did_contrast": ("more contrast", "增强对比"),
    "did_vivid": ("vivid", "鲜艳"),
    "did_black_and_white": ("black and white", "黑白"),
    "did_warm": ("warm", "暖色调"),
    "did_cool": ("cool", "冷色调"),
    "did_cinematic": ("cinematic", "电影感"),
    "did_vintage": ("vintage", "复古"),
    "did_bokeh": ("a soft background", "背景虚化"),
    "did_focus": ("focus on the foreground", "前景对焦"),
    "did_blur": ("blurred", "模糊"),
    "did_anime": ("anime", "动漫"),
    "did_sketch": ("a sketch", "素描"),
    "did_watercolour": ("watercolour", "水彩"),
    "did_pixel": ("pixels", "像素风"),
    "listening": (
        "The nb_banana sandbox answers at {url} (this machine only, no key needed).\n"
        "Use it from another program with NB_BANANA_BASE_URL={url} and any NB_BANANA_API_KEY; Ctrl-C stops it.",
        "nb_banana 沙盒正在 {url} 应答（仅限本机，无需密钥）。\n"
        "在其他程序中设置 NB_BANANA_BASE_URL={url} 和任意 NB_BANANA_API_KEY 即可使用；按 Ctrl-C 停止。",
    ),
    "stopped": ("The sandbox stopped after {count} requests.", "沙盒已停止，共应答 {count} 个请求。"),
}
