"""A comparison as a file for others: one page, a sheet, a table, LaTeX, a folder; how it was made, in words.

Rules of the room:

* The suffix says what is written; every kind is a row of one table (`export.KINDS`).
* A number stands with its interval, its n and what was left out, or it doesn't stand.
* A file is whole or not there; what does not fit into it is said in it.
* No key, no path and no user's name is written.
"""
