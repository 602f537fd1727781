"""A clinical-trials warehouse that remembers: registry -> lake -> marts -> gate -> publish -> alerts."""

__version__ = "0.1.0"
