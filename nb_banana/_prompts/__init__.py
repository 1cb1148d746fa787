"""What to write: worked scenarios, templates to fill in, and quiet hints about a prompt.

All of it is data and pure functions; nothing here changes a prompt or keeps one from being sent.
"""
