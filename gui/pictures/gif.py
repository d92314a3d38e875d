"""Writes an animated GIF: one palette for the whole film, and of each picture only what has changed.

The format: GIF89a, with the application extension NETSCAPE2.0 for looping. Pillow does the LZW.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import pack

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image

from gui.pictures.changes import Pixels, Shot, pieces

COLOURS = 255  # and one that means: as it was
SAME = 255
UNKNOWN = -1


def write_gif(path: Path, shots: Iterable[Shot], fps: int, samples: list[Pixels]) -> Iterator[int]:
    """Stream pictures (height, width, 3) into a GIF; yields the frames of each. `samples` of them give the palette."""
    colours = palette_of(samples)
    known = np.full(1 << 24, UNKNOWN, dtype=np.int16)  # colour → place in the palette, once it was asked for
    indexed = ((_indices(pixels, colours, known), count) for pixels, count in shots)
    high, wide, _ = samples[0].shape
    with path.open("wb") as file:
        file.write(b"GIF89a" + pack("<HHBBB", wide, high, 0b11110111, 0, 0))
        file.write(colours.tobytes().ljust(3 * 256, b"\0"))
        file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")
        for piece in pieces(indexed, fps, units=100):
            file.write(b"!\xf9\x04" + pack("<BHB", 0b00000101, piece.duration, SAME) + b"\0")  # leave it, draw over
            image = Image.fromarray(np.where(piece.mask, piece.pixels, np.uint8(SAME)), "P")
            file.writelines(GifImagePlugin.getdata(image, (piece.left, piece.top)))
            yield piece.frames
        file.write(b";")


def _indices(pixels: Pixels, colours: Pixels, known: NDArray[np.int16]) -> Pixels:
    """The nearest colour of the palette for each pixel. (Pillow's own search confuses white with nearly white.)"""
    packed = _packed(pixels)
    new = np.unique(packed[known[packed] == UNKNOWN])
    for part in np.array_split(new, len(new) // 4096 + 1):
        gaps = _channels(part)[:, None].astype(np.int32) - colours[None]
        known[part] = (gaps**2).sum(axis=2).argmin(axis=1)
    return known[packed].astype(np.uint8)


def palette_of(samples: list[Pixels]) -> Pixels:
    """Up to 255 colours (n, 3): those of areas exactly, the shades at their edges as near as can be."""
    found, counts = np.unique(np.concatenate([_packed(sample).ravel() for sample in samples]), return_counts=True)
    common = found[np.argsort(-counts)][: COLOURS // 2]
    rare = found[~np.isin(found, common)]
    if not len(rare):
        return _channels(common)
    room = COLOURS - len(common)
    shades = Image.fromarray(_channels(rare)[None]).quantize(room, Image.Quantize.MEDIANCUT).getpalette() or []
    return np.concatenate([_channels(common), np.array(shades, dtype=np.uint8).reshape(-1, 3)[:room]])


def _packed(pixels: Pixels) -> NDArray[np.uint32]:
    red, green, blue = (pixels[..., i].astype(np.uint32) for i in range(3))
    result: NDArray[np.uint32] = (red << 16 | green << 8 | blue).astype(np.uint32)
    return result


def _channels(packed: NDArray[np.uint32]) -> Pixels:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1).astype(np.uint8)
