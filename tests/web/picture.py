"""A picture to send."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def bars() -> bytes:
    """A small chart of three bars as PNG."""
    picture = Image.new("RGB", (720, 320), "white")
    draw = ImageDraw.Draw(picture)
    for row, length in enumerate((600, 210, 110)):
        draw.rectangle((40, 50 + row * 85, 40 + length, 105 + row * 85), fill="#0f766e")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
