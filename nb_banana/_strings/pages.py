"""Sentences of what is shown of a comparison in a notebook and in its frame."""

TABLE: dict[str, tuple[str, str]] = {
    "more": (
        "sheet {page} of {pages}; .show(page={next}) shows the next one",
        "第 {page} 页，共 {pages} 页；用 .show(page={next}) 查看下一页",
    ),
    "last": ("sheet {page} of {pages}, the last one", "第 {page} 页，共 {pages} 页，最后一页"),
    "of": ("sheet {page} of {pages}", "第 {page} 页，共 {pages} 页"),
    "no_font": (
        "No font here has the letters of some headings: the table in words, by number, has them",
        "本机字体缺少部分标题所用的文字：请按编号查看下方的文字表格",
    ),
    "no_page": ("There is no page {page!r}; there are 1 to {pages}.", "没有第 {page!r} 页；页码为 1 到 {pages}。"),
    "made_for": ("made for {cost}", "制作费用 {cost}"),
}
