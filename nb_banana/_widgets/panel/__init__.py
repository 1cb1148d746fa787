"""The panel: edit pictures without writing code.

Rules of the room:

* A click becomes one :class:`~.ask.Ask` (a value) at one place, the ask becomes one :class:`~.run.Run`, and
  the run sends its orders through the session. There is no other way from here to an edit.
* ``ask``, ``run``, ``runner``, ``states`` and ``source`` know no widget; ``view``, ``compare`` and
  ``controls`` know no session. ``panel`` connects the two.
* What is shown is what Save, Continue, comparing and measuring act on.
* Whatever thread a callback runs on, state changes under one lock, and what people see is throttled.
* Nothing here waits for the network: the kernel stays free while an edit runs.
"""
