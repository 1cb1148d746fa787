"""What an edit did, in figures: the arithmetic, the measures by name, and many pairs at once."""
