"""What a saved notebook says of a widget whose kernel is gone, where the widget's own table has no such words."""

TABLE: dict[str, tuple[str, str]] = {
    "grid": ("nb_banana grid: run this cell again to use it.", "nb_banana 网格：请重新运行此单元格以使用。"),
    "history": ("nb_banana history: run this cell again to use it.", "nb_banana 历史记录：请重新运行此单元格以使用。"),
}
