"""Which rows of which dataset the last step of a training saw: the panels that show rows mark them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

Rows = NDArray[np.intp]
NONE: Rows = np.zeros(0, np.intp)


class SeenRows(QObject):
    """Rows are counted from 0."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: dict[str, Rows] = {}

    def of(self, dataset: str) -> Rows:
        return self._rows.get(dataset, NONE)

    def put(self, rows: Mapping[str, Rows]) -> None:
        """Those of another step; none: nothing is being trained."""
        if rows or self._rows:
            self._rows = dict(rows)
            self.changed.emit()
