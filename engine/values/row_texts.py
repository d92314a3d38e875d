"""The rows of large arrays as JSON text, kept for who writes them again and again: only rows that changed cost time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.values.json_text import PIECE, JsonText, dump, json_ready
from engine.values.progress import rest
from engine.values.values import Value

MOST = 2_000_000  # numbers whose rows are kept: 20 bytes each


class RowTexts:
    """What was written last, by name. One thread at a time may ask."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[NDArray[np.float64], list[str]]] = {}

    def forget_but(self, names: set[str]) -> None:
        """Let go of what is written no more."""
        for name in self._kept.keys() - names:
            del self._kept[name]

    def written(self, name: str, value: Value) -> object:
        """An array as `json_ready` makes it; a large one as its text, which `dump` takes over as it is."""
        data = np.asarray(value)
        if data.ndim < 2 or data.size <= PIECE or data.size > MOST or data.dtype != np.float64:
            return json_ready(value)
        rows = np.array(data.reshape(-1, data.shape[-1]))  # its own: nothing that is written may change with the graph
        before, texts = self._kept.get(name, (rows[:0], []))
        texts = list(texts)  # what is kept stays whole if this is ended half-way
        if before.shape == rows.shape:
            changed = np.flatnonzero((before.view(np.uint64) != rows.view(np.uint64)).any(axis=1))
        else:
            texts, changed = [""] * len(rows), np.arange(len(rows))
        for number, at in enumerate(changed):
            texts[at] = dump(json_ready(rows[at]))
            if (number + 1) * rows.shape[1] % PIECE < rows.shape[1]:
                rest()
        self._keep(name, rows, texts)
        return JsonText(_nested(texts, data.shape[1:-1]))

    def _keep(self, name: str, rows: NDArray[np.float64], texts: list[str]) -> None:
        self._kept.pop(name, None)
        self._kept[name] = rows, texts
        while sum(kept.size for kept, _ in self._kept.values()) > MOST:
            del self._kept[next(iter(self._kept))]


def _nested(texts: Sequence[str], inner: tuple[int, ...]) -> str:
    """The rows in as many brackets as the array has axes; `inner`: the lengths of the axes between first and last."""
    for length in reversed(inner):
        texts = ["[" + ", ".join(texts[at : at + length]) + "]" for at in range(0, len(texts), length)]
    return "[" + ", ".join(texts) + "]"
