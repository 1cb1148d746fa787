"""Endpoints and the two clients: thin drivers of the flow.

Rules of the room:

* A client decides nothing about an edit; it sends, waits and fetches what the flow asks for.
* The key is put on a request at the last moment and lives nowhere else: not in a repr, a pickle, a
  log, or the frames of a traceback. Errors are raised outside of ``except`` blocks for that reason.
* There is one client, which awaits; the other waits for it on the private loop.
* Time is a total, so that a trickle can't outlast it, and Ctrl-C or a cancelled task closes the socket at
  once.
* Proxies, certificates and connections are ours: the environment's variables are read through
  ``_fetch``, which says what is wrong with them instead of failing on import.

``endpoint`` is where requests go and with which key, ``connections`` what carries them, ``sockets`` an
event loop's own; ``aclient`` is the client, ``driving`` what it needs, ``attempt`` what others hear
of each attempt, ``client`` waits for it.
"""
