"""Uploaded pictures without their metadata (EXIF, GPS location, XMP, comments), and none too large to be drawn."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

from followthrough.core.errors import DomainError

MOST_PIXELS = 50_000_000
"""Of all frames of a picture together: a telephone's largest photograph."""
MOST_FRAMES = 300
_KEPT = ("icc_profile", "transparency", "duration", "loop", "background", "disposal", "gamma", "dpi")
_ORIENTATION = 0x0112
_ONE_AT_A_TIME = threading.Lock()
"""A picture of MOST_PIXELS takes 200 MB while it is written anew."""


def without_metadata(content: bytes, name: str) -> bytes:
    """The same picture written anew, of its EXIF only which side is up. DomainError where it cannot be drawn."""
    with _ONE_AT_A_TIME:
        try:
            return _written_anew(content)
        except DomainError:
            raise
        except Exception as error:  # whatever a stranger's file brings about, it is only unreadable
            words = (
                f"“{name}” could not be read as a picture; it may be damaged. Save it again and attach that."
            )
            raise DomainError(words, field="file") from error


def _written_anew(content: bytes) -> bytes:
    from PIL import Image  # noqa: PLC0415 - few requests need it

    try:
        picture: Any = Image.open(BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    with picture:
        is_animated = _count_frames(picture) > 1
        orientation = picture.getexif().get(_ORIENTATION, 1)
        picture.info = {name: value for name, value in picture.info.items() if name in _KEPT}
        kind = "JPEG" if picture.format == "MPO" else picture.format
        how: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile"), "save_all": is_animated}
        if kind == "JPEG":
            how["quality"] = "keep" if picture.format == "JPEG" else 92
        if orientation != 1 and kind != "GIF" and not is_animated:
            how["exif"] = Image.Exif()
            how["exif"][_ORIENTATION] = orientation
        target = BytesIO()
        picture.save(target, kind, **how)
        return target.getvalue()


def _count_frames(picture: Any) -> int:
    """How many there are, each of which can be drawn; the picture is at its first again."""
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise _too_large()
    frames = 1
    if picture.format in {"GIF", "WEBP", "PNG"} and getattr(picture, "is_animated", False):
        while True:
            try:
                picture.seek(frames)
            except EOFError:
                break
            frames += 1
            if frames > MOST_FRAMES or frames * pixels > MOST_PIXELS:
                raise _too_large()
        picture.seek(0)
    picture.load()
    return frames


def _too_large() -> DomainError:
    megapixels = MOST_PIXELS // 1_000_000
    return DomainError(
        f"This picture has more than {megapixels} million pixels or {MOST_FRAMES} frames. Attach a smaller one.",
        field="file",
    )
