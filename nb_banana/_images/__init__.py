"""Pictures as values: :class:`ImageData`, and :func:`as_image`, which makes one of anything.

Rules of the room:

* The type of a picture comes from its first bytes, never from its name.
* A picture is held as the bytes it came in. Nothing here decodes pixels unless pixels are asked for.
* A bad input gets one sentence that names it and the reason, before anything is sent.
* Only regular files are read: a pipe or a device could block for ever or never end.
* Only the kinds of files listed in ``SUFFIXES`` are opened, each by its own reader.

``containers``, ``heif`` and ``tiff`` walk files without decoding them, ``pixels`` decodes, ``data`` is the
value, ``sources`` makes one of what a person has, ``saving`` writes files whole, ``fonts`` finds fonts.
"""
