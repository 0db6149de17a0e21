"""Text for XML 1.0: marked up, and without the characters it cannot hold."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

# What XML 1.0 cannot hold, and DEL, which many readers refuse.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def escaped(text: str) -> str:
    """The text as an element's content; what XML cannot hold becomes the replacement character."""
    return escape(FORBIDDEN.sub("\ufffd", text))
