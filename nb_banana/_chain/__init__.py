"""A chain: edits one after another, as a value.

Rules of the room:

* A chain never changes. ``edit`` returns a longer one, so running a cell again is safe, any earlier
  chain is a branch point, and a step that fails leaves everything before it as it was.
* A step is sent in one of two ways. *Re-feed*: the instruction and the last picture, on any wire.
  *Conversation*: the model's own turns echoed verbatim with their signatures, on the native wire;
  where they can't be, the step is re-fed and says so.
* A chain keeps no files of its own: its steps are records of the session's history, linked by their
  parents, and what history holds is replayed free.
* Indices are Python's: ``chain[0]`` is the first edit. Displays number the original picture 0.
"""
