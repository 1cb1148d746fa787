"""What was asked, what came, what it cost: one SQLite file and pictures stored once, by sha256.

Rules of the room:

* ``nb_banana_history/`` holds ``history.sqlite`` and ``images/<sha256>.<ext>``. A picture is written
  whole under its final name or not at all, and before the row that needs it.
* Nothing a person paid for is thrown away: damaged databases are moved aside, never deleted, and
  garbage collection keeps whatever any record needs.
* After a request was sent, storage trouble is never raised: the record says in ``problems`` what
  could not be stored. Before it, trouble is told in ``notice``, or raised where going on would cost.
* A row left ``running`` by a process that died becomes ``interrupted``; rows of living processes
  are left alone. Who lives is told by file locks, which the kernel drops even on SIGKILL.
* What is made here is private to its user: folders 0700, files 0600, whatever the umask. What is there
  already keeps its mode; a folder in which anybody may write is told, not changed. Only one that a menu of
  JupyterLab made before there was a history, through a server that knows no modes, is closed.
* Nothing in the folder is opened before it is known to be a plain file or a folder: no link, no pipe.
  The folder itself may be a link, by which people put a history on another disk.
* What a person deletes is overwritten in the file, and each door that deletes scrubs it of the rest.
* Order is the order of ids, and ids never go back, whatever the clock does.
* SQLite lives here and nowhere else, and every value in its statements is bound.
"""
