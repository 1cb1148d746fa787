"""The session: an endpoint, a history and a budget. Panel, cells, magic and CLI all meet here.

``door`` is the way in, ``attempts`` takes one order from look-up to record, ``where`` says which endpoint
is meant, ``purse`` keeps the money, ``hooks`` calls who looks on, ``identity`` says which requests are the
same, ``own`` is the notebook's own session and the functions that use it.
"""
