"""The screen: a panel of standard controls around an image tray and a viewer.

Rules of the room:

* Controls are ipywidgets, so that hosts theme them, Python reads them, and tests drive them; small
  anywidgets do only what ipywidgets lacks.
* No pixels and no key are ever a synced trait: pixels travel as binary messages, a key as one message.
* A widget translates what people do into one session call; it builds no request of its own.
"""
