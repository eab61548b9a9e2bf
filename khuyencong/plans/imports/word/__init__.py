"""A project file that is brought as a Word file, read for its main facts; nothing is written here.

``read`` finds facts by what is written beside them, never by where they stand, and says of each its place and the words it
was taken from, so that a person can look it up.  What is not found stays out and is named.
"""

from khuyencong.plans.imports.word.facts import LABELS, Fact, Found, read

KIND = "project_word"  # of the run that keeps the file between reading and confirming

__all__ = ["KIND", "LABELS", "Fact", "Found", "read"]
