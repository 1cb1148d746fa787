"""Routes of the Jupyter server for the extension: read only, inside its root, for who may use the server.

Rules of this room:

* It reads and writes nothing: no journal, no cache, no index. A picture is named by its hash alone.
* What is asked is a path of the contents service. Where that would not show a folder, it is not there.
* The server's loop never waits: what reads files runs in threads of our own, few, and each with an end.
* A file on disk is somebody's: its rows are checked, its pictures looked at, before anything of them is told.
"""
