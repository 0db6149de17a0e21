"""A photograph as it goes on paper: upright, opaque, small enough to be sent, without what the camera wrote beside it (place, device).

The same bytes give the same picture. What is no picture, or more than a page can use, gives none.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from desktop.reports.content import Picture

MOST_PIXELS = 80_000_000
SIDE = 900
_QUALITY = 82


def fitted(data: bytes, caption: str) -> Picture | None:
    """A picture of at most ``SIDE`` pixels a side as JPEG; None for bytes that are no picture or have more than ``MOST_PIXELS``."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damage beside the picture itself, and of size, which is asked below
            with Image.open(BytesIO(data)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return None
                opened.draft("RGB", (SIDE, SIDE))
                turned = ImageOps.exif_transpose(opened)
                turned.thumbnail((SIDE, SIDE))
                flat = Image.new("RGB", turned.size, "white")
                alpha = turned.convert("RGBA")
                flat.paste(alpha, mask=alpha.getchannel("A"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    stream = BytesIO()
    flat.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(stream.getvalue(), flat.width, flat.height, caption)
