"""How results are printed: tables for people, JSON for programs. Numbers read back to the same bits in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.json_text import dump, json_ready
from engine.values import Value, shape_text

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


def json_text(record: Mapping[str, Any]) -> str:
    """JSON with one key a line, and one line for each record inside: arrays nested, non-finite numbers as text."""
    lines = [f"  {dump(key)}: {_rows(json_ready(part))}" for key, part in record.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _rows(part: Any) -> str:
    if isinstance(part, dict) and part:
        return "{\n" + ",\n".join(f"    {dump(key)}: {dump(row)}" for key, row in part.items()) + "\n  }"
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return "[\n" + ",\n".join(f"    {dump(row)}" for row in part) + "\n  ]"
    return dump(part)
