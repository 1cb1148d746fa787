"""The offline stand-in for the image service, for learning, tests and demos.

Rules of this room: nothing here needs a key, a network or a learned model; the painter
(`wishes` → `paint`) knows no HTTP, the service (`service`, `faults`) no sockets, and the transport and
the loopback server only carry what `respond` answers. It never pretends: every picture bears a badge and
metadata, every response the header `x-nb-banana-sandbox`.
"""
