"""How results are printed: tables for people, JSON for programs. Numbers read back to the same bits in both."""

from collections.abc import Sequence

from engine.values.json_text import dump, json_ready
from engine.values.values import Value, shape_text

NONE = "—"
_MOST = 12  # elements of an array that a table shows


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> str:
    """Columns under their heads, two spaces apart; those named in `right` are set flush right."""
    columns = [_column(texts, texts[0] in right) for texts in zip(heads, *rows, strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _column(texts: Sequence[str], flush_right: bool) -> list[str]:
    wide = max(map(len, texts))
    return [text.rjust(wide) if flush_right else text.ljust(wide) for text in texts]


def cell(value: Value | None) -> str:
    """A value in a table: all digits, short arrays whole, long ones by their shape."""
    if value is None:
        return NONE
    return dump(json_ready(value)).replace('"', "") if value.size <= _MOST else f"shape {shape_text(value.shape)}"
