"""How values read in a sentence."""

TABLE: dict[str, tuple[str, str]] = {
    "sandbox": ("sandbox, free", "沙盒，免费"),
    "seconds": ("{seconds} s", "{seconds} 秒"),
    "minutes_seconds": ("{minutes} min {seconds} s", "{minutes} 分 {seconds} 秒"),
    "minutes": ("{minutes} min", "{minutes} 分钟"),
    "is_link": ("it is a symbolic link", "它是符号链接"),
    "not_regular": ("it is no regular file", "它不是普通文件"),
    "too_large": ("it is larger than {limit} MiB", "它大于 {limit} MiB"),
    "hours": ("{hours} h", "{hours} 小时"),
}
