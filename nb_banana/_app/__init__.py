"""The studio as a page for a class: one server that holds the key, many visitors, two budgets.

Rules of this room:

* Who somebody is, the server says: by a signed cookie, or by the login of whoever stands before it. Nothing
  that a page sends reaches a kernel as a name.
* A page may talk to its widgets and to nothing else: no code, no files, no other kernel. What a widget could
  be told that concerns the machine (paths, addresses, keys, budgets) is shut before the page sees it.
* Each visitor's history is a folder of its own; what several spend together stands in one file beside them.
* ``studio`` runs in the visitors' kernels; ``server``, ``visitors``, ``kernels`` and ``pages`` in the server.
"""
