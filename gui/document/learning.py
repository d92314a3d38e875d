"""A training that runs, for the panels beside its own: what it has learnt by now, and which rows its last step saw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.values.values import Value

Rows = NDArray[np.intp]
NONE: Rows = np.zeros(0, np.intp)


class LiveTraining(QObject):
    """Rows are counted from 0. The graph gets the parameters too, but not as often."""

    seen = Signal()  # other rows
    moved = Signal(object)  # the parameters by name

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: dict[str, Rows] = {}

    @property
    def runs(self) -> bool:
        """Whether rows of a dataset are being learnt from."""
        return bool(self._rows)

    def of(self, dataset: str) -> Rows:
        """The rows of a dataset that the last step saw."""
        return self._rows.get(dataset, NONE)

    def see(self, rows: Mapping[str, Rows]) -> None:
        """Those of another step; none: nothing is being trained."""
        if rows or self._rows:
            self._rows = dict(rows)
            self.seen.emit()

    def move(self, parameters: Mapping[str, Value]) -> None:
        """What has been learnt by now, which the graph does not hold yet."""
        self.moved.emit(parameters)
