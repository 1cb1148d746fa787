"""Sentences about requests that can't be written or read."""

TABLE: dict[str, tuple[str, str]] = {
    "no_json": ("The request body is not a JSON object.", "请求体不是 JSON 对象。"),
    "bad_json": ("The request body is not JSON: {reason}.", "请求体不是 JSON：{reason}。"),
    "wrapped_base64": (
        "A string in the request has line breaks: `base64` of GNU wraps its lines. Write them without: "
        "`base64 < photo.png | tr -d '\\n'`.",
        "请求中的字符串含有换行：GNU 的 `base64` 会自动折行。请去掉换行：`base64 < photo.png | tr -d '\\n'`。",
    ),
    "files_refused": (
        "fileData “{uri}” is a file stored elsewhere; this endpoint takes a picture's own bytes only: send it as "
        "inlineData with its mimeType and its data in base64.",
        "fileData “{uri}” 指向别处的文件；此接口只接受图片本身的数据：请用 inlineData（mimeType 与 base64 的 data）发送。",
    ),
    "no_contents": ("The request has no contents.", "请求缺少 contents。"),
    "no_messages": ("The request has no messages.", "请求缺少 messages。"),
    "bad_base64": ("“{start}…” is not base64.", "“{start}…” 不是 base64。"),
    "links_refused": (
        "image_url “{url}” is a link; the chat form of API易, and so this endpoint, takes data URLs only: send "
        "“data:image/png;base64,…” with the picture's bytes.",
        "image_url “{url}” 是链接；API易 的对话格式（以及此接口）只接受 data URL：请发送“data:image/png;base64,…”，即图片数据本身。",
    ),
    "no_form": (
        "The request body is not a form (multipart/form-data) with the boundary its header names.",
        "请求体不是表单（multipart/form-data），或与头部给出的分隔符不符。",
    ),
    "no_image_field": (
        "The form holds no picture: send each as a file named image or image[].",
        "表单中没有图片：请以名为 image 或 image[] 的文件发送。",
    ),
    "size_no_pixels": (
        "image_size {size!r} has no pixels that could be sent here; write 1K, 2K, 4K or pixels such as 1536x864.",
        "image_size {size!r} 没有可发送的像素；请写 1K、2K、4K 或 1536x864 这样的像素。",
    ),
    "seed_unproven": (
        "seed {seed} is sent; {model} takes one, but nobody has shown that an equal seed gives an equal picture.",
        "已发送 seed {seed}；{model} 接受该参数，但尚无人证明相同的 seed 会得到相同的图片。",
    ),
    "no_seed": ("{model} has no seed.", "{model} 没有 seed 参数。"),
    "no_seed_hint": (
        "Leave seed out; takes=3 makes several attempts. Open-weights models on a server of your own have one.",
        "请去掉 seed；takes=3 可得到多次尝试。自建服务上的开源模型支持 seed。",
    ),
    "bad_seed": ("seed={seed!r} is no whole number from 0 to {most:,}.", "seed={seed!r} 不是 0 到 {most:,} 的整数。"),
    "prompt_long": (
        "The prompt has {count:,} characters; {model} reads {limit:,}.",
        "提示词有 {count:,} 个字符；{model} 最多读 {limit:,} 个。",
    ),
    "experimental": (
        "{width}×{height} is more than 2560×1440, which its maker calls experimental.",
        "{width}×{height} 超过 2560×1440，厂商称其为实验性尺寸。",
    ),
    # a mask where the wire has none
    "mask_words": (
        "Change only what lies inside the red outline in the first picture, and keep everything else exactly as it "
        "is. The outline is a mark: leave it out of the result.",
        "只修改第一张图片中红色轮廓线以内的部分，其余一切保持原样。轮廓线只是标记，结果中不要保留它。",
    ),
    "mask_marked": (
        "wire={wire!r} has no mask: a copy of the first picture with the region outlined in red was sent instead, and "
        "the prompt says so. What lies outside may change; result.changes() measures it and result.composite() puts "
        "the original back.",
        "wire={wire!r} 没有蒙版：已改为发送用红线圈出区域的副本，并在提示词中说明。区域之外仍可能改变："
        "result.changes() 可测量，result.composite() 可恢复原图。",
    ),
    "mask_unproven": (
        "The mask was sent; whether the model at this address keeps to it, nobody here knows: result.changes() measures "
        "what changed outside, and result.composite() puts the original back there.",
        "蒙版已发送；此地址的模型是否遵守蒙版无从得知：result.changes() 可测量区域之外的变化，result.composite() 可恢复那里的原图。",
    ),
    "mask_alpha": (
        "The mask has transparency: its transparent part, {share:.1%} of the picture, is where the edit goes.",
        "蒙版带有透明度：其透明部分（占图片的 {share:.1%}）是要编辑的区域。",
    ),
    "mask_empty": (
        "The mask marks nothing: white, or what is transparent where there is transparency, is where the edit goes.",
        "蒙版没有标出任何区域：白色部分（若有透明度则为透明部分）才是要编辑的区域。",
    ),
    "mask_shape": (
        "The mask has {mask}, another shape than the first picture's {picture}.",
        "蒙版为 {mask}，与第一张图片的 {picture} 形状不同。",
    ),
    "mask_large": (
        "The mask takes {size} MB as a PNG; {limit} MB is the most.",
        "蒙版的 PNG 有 {size} MB，最多 {limit} MB。",
    ),
    "mask_alone": ("A mask belongs to a picture, and there is none.", "蒙版需要对应一张图片，但没有图片。"),
    "no_turns": (
        "A conversation can't be continued over wire={wire!r}.",
        "wire={wire!r} 格式无法继续对话。",
    ),
    "turns_elsewhere": (
        'Use Endpoint(..., wire="{wire}"), or send the last picture instead (context="refeed").',
        '请改用 Endpoint(..., wire="{wire}")，或改为发送上一张图片（context="refeed"）。',
    ),
    # what each wire is, in a word
    "gemini": ("native", "原生"),
    "openai": ("chat", "对话"),
    "images": ("Images API", "图片接口"),
}
