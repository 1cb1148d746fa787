"""Sentences about where a picture comes from."""

TABLE: dict[str, tuple[str, str]] = {
    "no_place": (
        "{type} files have no safe place for it",
        "{type} 文件中没有可安全写入的位置",
    ),
    "signed": (
        "the picture carries a C2PA manifest, which signs the file's bytes and would break",
        "图片带有 C2PA 清单，它对文件字节签名，写入会使其失效",
    ),
    "too_long": (
        "the prompt is longer than a JPEG's metadata can hold",
        "提示词超出了 JPEG 元数据的容量",
    ),
    "none": (
        "{name} carries no provenance of nb_banana. Save with save(provenance=True) to write it.",
        "{name} 不含 nb_banana 的来源信息。请用 save(provenance=True) 保存以写入。",
    ),
    "taken": (
        "The picture is saved as {path}, its provenance is not: it belongs in {beside}, and a file of yours has that "
        "name. Rename that file, or save the picture under another name.",
        "图片已保存为 {path}，但来源信息没有保存：它应写入 {beside}，而该名称已被您的文件占用。请给该文件改名，或用其他名称保存图片。",
    ),
    "composite_marks": (
        "This picture is a composite: only the region and its seam come from the model. SynthID and C2PA marks of "
        "the model's picture no longer cover the whole.",
        "这是一张合成图：只有该区域及其接缝来自模型。模型图片的 SynthID 与 C2PA 标记不再覆盖整张图片。",
    ),
}
