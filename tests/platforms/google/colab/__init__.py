"""Stands in for what Colab's kernel brings along; that kernel has loaded it when a notebook begins."""
