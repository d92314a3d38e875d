"""Writes an animated WebP without loss: of each picture only what has changed, the rest transparent.

The container: RIFF chunks VP8X, ANIM and one ANMF a picture, as Google's WebP Container Specification says. Pillow
encodes the pictures themselves; its own writer of animations would hold all of them in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import pack, unpack_from

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gui.pictures.changes import box_of, changed

ANIMATION, ALPHA = 0x02, 0x10


class WebpWriter:
    """Streams pictures (height, width, 3) into a WebP file."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        self._fps, self._frames = fps, 0
        self._before: NDArray[np.uint8] | None = None
        self._file = path.open("wb")
        self._file.write(b"RIFF\0\0\0\0WEBP")
        self._file.write(_chunk(b"VP8X", pack("<I", ANIMATION | ALPHA) + _24(size[0] - 1) + _24(size[1] - 1)))
        self._file.write(_chunk(b"ANIM", pack("<IH", 0xFFFFFFFF, 0)))  # any background; loops for ever

    def add(self, pixels: NDArray[np.uint8], count: int) -> None:
        """A picture, for `count` frames."""
        mask = np.ones(pixels.shape[:2], bool) if self._before is None else changed(self._before, pixels)
        left, top, right, bottom = box_of(mask, even=True)
        shown = np.dstack([pixels, np.where(mask, 255, 0).astype(np.uint8)])[top:bottom, left:right]
        shown[shown[..., 3] == 0] = 0
        self._before = pixels
        head = _24(left // 2) + _24(top // 2) + _24(right - left - 1) + _24(bottom - top - 1)
        head += _24(self._milliseconds(count)) + b"\0"  # drawn over what is there, and left there
        self._file.write(_chunk(b"ANMF", head + b"".join(_bitstream(shown))))

    def _milliseconds(self, count: int) -> int:
        begin, self._frames = self._frames, self._frames + count
        return round(1000 * self._frames / self._fps) - round(1000 * begin / self._fps)

    def close(self) -> None:
        size = self._file.tell()
        self._file.seek(4)
        self._file.write(pack("<I", size - 8))
        self._file.close()

    def drop(self) -> None:
        self._file.close()


def _bitstream(pixels: NDArray[np.uint8]) -> Iterator[bytes]:
    """The chunks of a still WebP that hold the picture itself."""
    still = BytesIO()
    Image.fromarray(pixels).save(still, "WEBP", lossless=True, quality=60, method=3)
    data = still.getvalue()
    at = 12
    while at < len(data):
        name, size = data[at : at + 4], unpack_from("<I", data, at + 4)[0]
        whole = 8 + size + size % 2
        if name in (b"VP8L", b"VP8 ", b"ALPH"):
            yield data[at : at + whole]
        at += whole


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _24(number: int) -> bytes:
    return number.to_bytes(3, "little")
