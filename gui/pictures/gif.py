"""Writes an animated GIF: one palette for the whole film, and of each picture only what has changed.

The format: GIF89a, with the application extension NETSCAPE2.0 for looping. Pillow does the LZW.
"""

from __future__ import annotations

from pathlib import Path
from struct import pack

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image

from gui.pictures.changes import box_of, changed

COLOURS = 255  # and one that means: as it was
SAME = 255
UNKNOWN = -1


class GifWriter:
    """Streams pictures into a GIF. Its palette is found from `samples`, pictures (height, width, 3) of the film."""

    def __init__(self, path: Path, samples: list[NDArray[np.uint8]], fps: int) -> None:
        self._fps, self._frames = fps, 0
        self._colours = palette_of(samples)
        self._known = np.full(1 << 24, UNKNOWN, dtype=np.int16)  # colour → place in the palette, once it was asked for
        self._before: NDArray[np.uint8] | None = None
        high, wide, _ = samples[0].shape
        self._file = path.open("wb")
        self._file.write(b"GIF89a" + pack("<HHBBB", wide, high, 0b11110111, 0, 0))
        self._file.write(self._colours.tobytes().ljust(3 * 256, b"\0"))
        self._file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")

    def add(self, pixels: NDArray[np.uint8], count: int) -> None:
        """A picture, for `count` frames."""
        index = self._indices(pixels)
        if self._before is None:
            box, shown = (0, 0, index.shape[1], index.shape[0]), index
        else:
            mask = changed(self._before, index)
            box, shown = box_of(mask), np.where(mask, index, np.uint8(SAME))
        self._before = index
        self._write(shown[box[1] : box[3], box[0] : box[2]], box[:2], self._hundredths(count))

    def _indices(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The nearest colour of the palette for each pixel. (Pillow's own search confuses white with nearly white.)"""
        packed = _packed(pixels)
        new = np.unique(packed[self._known[packed] == UNKNOWN])
        for part in np.array_split(new, len(new) // 4096 + 1):
            gaps = _channels(part)[:, None].astype(np.int32) - self._colours[None]
            self._known[part] = (gaps**2).sum(axis=2).argmin(axis=1)
        result: NDArray[np.uint8] = self._known[packed].astype(np.uint8)
        return result

    def _hundredths(self, count: int) -> int:
        """How long `count` frames last, in whole hundredths of a second whose rounding never adds up."""
        begin, self._frames = self._frames, self._frames + count
        return round(100 * self._frames / self._fps) - round(100 * begin / self._fps)

    def _write(self, piece: NDArray[np.uint8], offset: tuple[int, int], hundredths: int) -> None:
        self._file.write(b"!\xf9\x04" + pack("<BHB", 0b00000101, hundredths, SAME) + b"\0")  # leave it, then draw over
        image = Image.frombytes("P", (piece.shape[1], piece.shape[0]), piece.tobytes())
        for block in GifImagePlugin.getdata(image, offset):
            self._file.write(block)

    def close(self) -> None:
        self._file.write(b";")
        self._file.close()

    def drop(self) -> None:
        self._file.close()


def palette_of(samples: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Up to 255 colours (n, 3): those of areas exactly, the shades at their edges as near as can be."""
    found, counts = np.unique(np.concatenate([_packed(sample).ravel() for sample in samples]), return_counts=True)
    common = found[np.argsort(-counts)][: COLOURS // 2]
    rare = found[~np.isin(found, common)]
    if not len(rare):
        return _channels(common)
    room = COLOURS - len(common)
    shades = Image.fromarray(_channels(rare)[None]).quantize(room, Image.Quantize.MEDIANCUT).getpalette() or []
    return np.concatenate([_channels(common), np.array(shades, dtype=np.uint8).reshape(-1, 3)[:room]])


def _packed(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    red, green, blue = (pixels[..., i].astype(np.uint32) for i in range(3))
    result: NDArray[np.uint32] = (red << 16 | green << 8 | blue).astype(np.uint32)
    return result


def _channels(packed: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1).astype(np.uint8)
