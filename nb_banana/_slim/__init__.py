"""Notebooks made small: the pictures in them, and nothing else.

Rules of this room:

- A notebook is other people's text. Only the spans of its pictures are replaced; every other byte stays:
  its indent, its order, its escapes, its last line.
- What was replaced is kept beside the notebook under its own hash before the notebook is written, and can
  be put back. A file of the folder is never written twice.
- A picture keeps the size it is shown at, and is never made so small that it says nothing: a budget that
  can't be kept is told with what is left.
- What is not understood (moving pictures, drawings, pages) is left alone and told with its weight.
"""
