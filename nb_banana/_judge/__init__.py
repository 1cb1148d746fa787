"""A vision model as judge: what it is asked, what it answered, and what was a score in that."""
