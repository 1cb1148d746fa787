"""A comparison as a file for others."""
