"""How results are printed: tables for people, JSON for programs. Numbers read back to the same bits in both."""

from __future__ import annotations

from collections.abc import Sequence

from engine.values.json_text import dump, json_ready
from engine.values.values import Value, shape_text

NONE = "—"
_MOST = 12  # elements of an array that a table shows


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> str:
    """Columns under their heads, two spaces apart; those named in `right` are set flush right."""
    lines = [list(heads), *map(list, rows)]
    wide = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    flush = [head in right for head in heads]
    columns = list(zip(wide, flush, strict=True))
    return "\n".join(_line(line, columns).rstrip() for line in lines)


def _line(texts: Sequence[str], columns: Sequence[tuple[int, bool]]) -> str:
    fitted = (text.rjust(w) if right else text.ljust(w) for text, (w, right) in zip(texts, columns, strict=True))
    return "  ".join(fitted)


def cell(value: Value | None) -> str:
    """A value in a table: all digits, short arrays whole, long ones by their shape."""
    if value is None:
        return NONE
    return dump(json_ready(value)).replace('"', "") if value.size <= _MOST else f"shape {shape_text(value.shape)}"
