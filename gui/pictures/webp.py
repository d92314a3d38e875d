"""Writes an animated WebP without loss: of each picture only what has changed, the rest transparent.

The container: RIFF chunks VP8X, ANIM and one ANMF a picture, as Google's WebP Container Specification says. Pillow
encodes the pictures themselves; its own writer of animations would hold all of them in memory.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from struct import pack

import numpy as np
from PIL import Image

from gui.pictures.changes import Pixels, Shot, pieces

ANIMATION, ALPHA = 0x02, 0x10


def write_webp(path: Path, shots: Iterable[Shot], fps: int, size: tuple[int, int]) -> Iterator[int]:
    """Stream pictures (height, width, 3) into a WebP file; yields the frames of each."""
    with path.open("wb") as file:
        file.write(b"RIFF\0\0\0\0WEBP")
        file.write(_chunk(b"VP8X", pack("<I", ANIMATION | ALPHA) + _24(size[0] - 1, size[1] - 1)))
        file.write(_chunk(b"ANIM", pack("<IH", 0xFFFFFFFF, 0)))  # any background; loops for ever
        for piece in pieces(shots, fps, units=1000, even=True):
            high, wide = piece.mask.shape
            shown = np.dstack([piece.pixels, 255 * piece.mask.astype(np.uint8)]) * piece.mask[..., None]
            head = _24(piece.left // 2, piece.top // 2, wide - 1, high - 1, piece.duration)
            drawn_over = b"\0"  # what is there, and left there
            file.write(_chunk(b"ANMF", head + drawn_over + _bitstream(shown)))
            yield piece.frames
        size_of_all = file.tell() - 8
        file.seek(4)
        file.write(pack("<I", size_of_all))


def _bitstream(pixels: Pixels) -> bytes:
    """The picture itself: all that a still WebP without loss holds behind its heading."""
    still = BytesIO()
    Image.fromarray(pixels).save(still, "WEBP", lossless=True, quality=60, method=3)
    return still.getvalue()[len("RIFF....WEBP") :]


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _24(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(3, "little") for number in numbers)
