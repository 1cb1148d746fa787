"""Names of the ledger's lines."""

TABLE: dict[str, tuple[str, str]] = {
    "paid": ("paid", "已付"),
    "blocked_paid": ("blocked but paid", "被拦截但已付"),
    "maybe_paid": ("maybe paid", "可能已付"),
    "saved": ("saved by replay", "重放节省"),
}
