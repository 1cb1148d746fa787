"""How values read in a sentence."""

TABLE: dict[str, tuple[str, str]] = {
    "sandbox": ("sandbox, free", "沙盒，免费"),
    "seconds": ("{seconds} s", "{seconds} 秒"),
    "minutes_seconds": ("{minutes} min {seconds} s", "{minutes} 分 {seconds} 秒"),
    "minutes": ("{minutes} min", "{minutes} 分钟"),
    "hours": ("{hours} h", "{hours} 小时"),
}
