"""What changed between two pictures: pixels as planes, one laid over the other, and the share that differs.

Loaded when something is measured: numpy and scikit-image take half a second.
"""
