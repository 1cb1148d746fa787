"""The wires: requests and answers as pure functions, for both ends.

``gemini`` and ``openai`` know a format each and are rows of ``WIRES``; ``base`` names the columns. ``lift``
and ``documents`` get from arriving bytes to JSON; ``pictures`` finds pictures in strings; ``echoes`` tells
an answer from the request it repeats, ``jobs`` a receipt from an answer; ``failures`` names what went
wrong. ``read_reply`` puts them together: a reply is understood by its own shape, whatever wire was asked,
because relays mix them.
"""
