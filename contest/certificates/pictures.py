"""An organiser's picture, checked by its content and drawn anew, so that nothing but pixels gets onto paper."""

from __future__ import annotations

import io
from typing import Any

from contest.certificates.layouts import PicturePlace
from contest.errors import Invalid

LARGEST = 8 * 1024 * 1024  # bytes as uploaded
MOST_PIXELS = 50_000_000
DOTS = {True: 300, False: 150}  # per inch: above the texts (a seal, a signature), beneath them (a background)


class PictureRefused(Invalid):
    """The upload is too large, or no PNG or JPEG image."""

    code = "picture_refused"


def drawn(content: bytes, place: PicturePlace) -> bytes:
    """The picture as PNG or JPEG of the size its place needs. Raises PictureRefused.

    What lies above the texts gets a transparent ground: the white of a scanned seal would hide the words under it.
    """
    from PIL import Image, UnidentifiedImageError

    # The layout engine lets cut-off images pass everywhere in the process, so the end is looked for here.
    if len(content) > LARGEST or not (b"IEND" in content[-4096:] or b"\xff\xd9" in content):
        raise PictureRefused(megabytes=LARGEST >> 20)
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureRefused(megabytes=LARGEST >> 20)
            opened.load()
            image: Any = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureRefused(megabytes=LARGEST >> 20) from error
    most = tuple(max(1, round(side / 25.4 * DOTS[place.above])) for side in (place.w, place.h))
    image.thumbnail(most)
    out = io.BytesIO()
    if place.above:
        (image if _is_clear(image) else _without_paper(image)).save(out, "PNG", optimize=True)
    else:
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        ground.save(out, "JPEG", quality=88)
    return out.getvalue()


def _is_clear(image: Any) -> bool:
    """Whether the picture has a transparent ground of its own."""
    return bool(image.getchannel("A").getextrema()[0] < 250)


def _without_paper(image: Any) -> Any:
    """White becomes clear and grey half clear, so that over white paper the picture looks as before."""
    import numpy
    from PIL import Image

    colours = numpy.asarray(image.convert("RGB"), dtype=numpy.float64)
    clear = colours.min(axis=2, keepdims=True)
    alpha = 255 - clear
    ink = numpy.where(alpha > 0, (colours - clear) * 255 / numpy.maximum(alpha, 1), 0)
    return Image.fromarray(numpy.concatenate([ink, alpha], axis=2).round().astype("uint8"), "RGBA")
