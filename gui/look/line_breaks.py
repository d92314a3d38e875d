"""How an equation in LaTeX is cut into pieces, and these are laid in lines: each piece is a picture of its own.

Cut is at =, +, − and the signs of products, where they stand outside all brackets: so `∂L/∂x`, which many steps speak
of, is drawn once for all of them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"\\left\b|\\right\b|\\begin\{[a-z]+\}|\\end\{[a-z]+\}|[{}()\[\]]"
    r"| [+-] | \\(?:cdot|times|odot) |\\quad |\\[a-zA-Z]+|\\."
)
_OPENS, _CLOSES = (r"\left", r"\begin", "{", "(", "["), (r"\right", r"\end", "}", ")", "]")
_SIGNS = ("+", "-", r"\cdot", r"\times", r"\odot", r"\quad")


class TexPiece(NamedTuple):
    """What stands before it (nothing, =, +, ·, a space …), and the piece itself."""

    sign: str
    tex: str


def pieces(sides: Sequence[str]) -> list[TexPiece]:
    """The pieces of `side = side = …`, in order."""
    return [piece for number, side in enumerate(sides) for piece in _cut(side, "=" if number else "")]


def flowed(parts: Sequence[TexPiece], widths: Mapping[TexPiece, float], room: float) -> list[list[TexPiece]]:
    """The pieces in lines: sides, sums and products stay together where a line holds them, in this order.

    A piece that fits in no line has one of its own.
    """
    lines: list[list[TexPiece]] = [[]]
    for side in _groups(parts, _SIDE):
        _fill(lines, side, widths.__getitem__, room, _SIDE)
    return lines


# How closely a piece belongs to the one before it, by its sign.
_SIDE, _TERM, _FACTOR = range(3)
_CLOSENESS = {r"\cdot": _FACTOR, r"\times": _FACTOR, r"\odot": _FACTOR, "+": _TERM, "-": _TERM}


def _fill(
    lines: list[list[TexPiece]], group: list[TexPiece], width: Callable[[TexPiece], float], room: float, closeness: int
) -> None:
    """Put a group of pieces on the last line or on a new one; one that fits in none is taken apart."""
    wide, filled = sum(map(width, group)), sum(map(width, lines[-1]))
    if filled + wide <= room or (not lines[-1] and len(group) == 1):
        lines[-1] += group
    elif wide <= room or len(group) == 1:
        lines.append(list(group))
    else:
        for part in _groups(group, closeness + 1):
            _fill(lines, part, width, room, closeness + 1)


def _groups(parts: Sequence[TexPiece], closeness: int) -> list[list[TexPiece]]:
    """Runs of pieces that belong together more closely than this."""
    groups: list[list[TexPiece]] = []
    for piece in parts:
        if groups and _CLOSENESS.get(piece.sign, _SIDE) > closeness:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


@lru_cache(maxsize=512)
def _cut(side: str, sign: str) -> tuple[TexPiece, ...]:
    """One side, cut before each sign that stands in no bracket: asked for more than once each time it is shown."""
    found: list[TexPiece] = []
    start, depth, sized = 0, 0, False
    for token in _TOKEN.finditer(side):
        text = token[0].strip()
        if sized:  # the bracket that \\left or \\right makes larger is counted with it
            sized = False
        elif text.startswith(_OPENS):
            depth, sized = depth + 1, text == r"\left"
        elif text.startswith(_CLOSES):
            depth, sized = depth - 1, text == r"\right"
        elif text in _SIGNS and depth == 0:
            found.append(TexPiece(sign, side[start : token.start()].strip()))
            sign, start = text, token.end()
    return (*found, TexPiece(sign, side[start:].strip()))
