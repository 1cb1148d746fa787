"""Blind rating: pairs without names, votes kept after each click, and what they show."""
