"""The version, in one place: the package, the terminal, the wheel and every saved picture say this one."""

__version__ = "0.2.0"
