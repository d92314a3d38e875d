"""Pictures in the colours of video: brightness for each pixel, and two differences of colour for each four.

Symbols: R, G, B of a pixel → Y = 16 + 0.257 R + 0.504 G + 0.098 B, U = 128 − 0.148 R − 0.291 G + 0.439 B,
V = 128 + 0.439 R − 0.368 G − 0.071 B (ITU-R BT.601, the range of television), in whole 256ths.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

BAND = 32  # rows that are looked at together

Rows = NDArray[np.uint32]  # pixels as 0xffRRGGBB


class YuvFrames:
    """One frame after the other, of one even size: only what differs from the frame before is computed."""

    def __init__(self, wide: int, high: int) -> None:
        self.data = np.zeros(wide * high * 3 // 2, np.uint8)
        size, quarter = wide * high, wide * high // 4
        self._y = self.data[:size].reshape(high, wide)
        self._u = self.data[size : size + quarter].reshape(high // 2, wide // 2)
        self._v = self.data[size + quarter :].reshape(high // 2, wide // 2)
        self._before: tuple[QImage, Rows] | None = None

    def show(self, image: QImage) -> None:
        """Let `data` be this picture."""
        plain = image.convertToFormat(QImage.Format.Format_RGB32)
        now = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), -1)[:, : plain.width()]
        for top in range(0, len(now), BAND):
            rows = slice(top, top + BAND)
            if self._before is None:
                self._compute(now, rows, slice(0, now.shape[1]))
            elif len(columns := np.flatnonzero((now[rows] != self._before[1][rows]).any(axis=0))):
                self._compute(now, rows, slice(int(columns[0]) & ~1, (int(columns[-1]) | 1) + 1))
        self._before = plain, now  # the picture owns the rows

    def _compute(self, now: Rows, rows: slice, columns: slice) -> None:
        part = now[rows, columns]
        red, green, blue = ((part >> shift & 255).astype(np.int32) for shift in (16, 8, 0))
        self._y[rows, columns] = (66 * red + 129 * green + 25 * blue + 128 >> 8) + 16
        halves = slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)
        red, green, blue = map(_fours, (red, green, blue))
        self._u[halves] = (-38 * red - 74 * green + 112 * blue + 512 >> 10) + 128
        self._v[halves] = (112 * red - 94 * green - 18 * blue + 512 >> 10) + 128


def _fours(one: NDArray[np.int32]) -> NDArray[np.int32]:
    """The sum of each four pixels that share a colour."""
    total: NDArray[np.int32] = one[::2, ::2] + one[1::2, ::2] + one[::2, 1::2] + one[1::2, 1::2]
    return total
