"""Texts of the registry on their way to a person's screen: terminal, Slack, log."""

import re

# Control characters, lone surrogates, and marks that turn the reading direction of what follows.
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def one_line(text: str) -> str:
    """The text without what a screen would obey instead of showing; runs of white space are one blank."""
    return " ".join(_UNSHOWABLE.sub(" ", text).split())
