"""How well what is typed fits a name: one judgement for every list that is searched, of ops, actions and examples.

The best is the whole name, then its beginning, the beginning of a word in it, a part of it, and last its letters with
others between them.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from engine.ops.op import GROUPS, OPS, Op

Rank = int  # 0 the best
EXACT, BEGINS, BEGINS_WORD, PART, OTHER_NAME, GROUP, LOOSE = range(7)
LEAST_PART, LEAST_LOOSE, LEAST_GROUP = 2, 3, 3  # letters: with fewer, everything would match

# What a keyboard has in place of an op's symbol.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "*": ("×",),
    "·": ("×",),
    "-": ("−", "−x"),
    "/": ("÷",),
    "^": ("xⁿ",),
    "**": ("xⁿ",),
    "^2": ("x²",),
    "**2": ("x²",),
    ">=": ("≥",),
    "<=": ("≤",),
    "==": ("=",),
    "!=": ("≠",),
    "%": ("mod",),
    "//": ("⌊÷⌋",),
    "[": ("x[i]",),
    ".t": ("xᵀ",),
    "'": ("xᵀ",),
    "|": ("|x|",),
}


def rank(wanted: str, text: str, least_loose: int = LEAST_LOOSE) -> Rank | None:
    """How well a text fits what is typed, 0 the best; None: not at all. Words may stand in any order.

    `least_loose`: from so many letters on, others may stand between them.
    """
    wanted, text = plain(wanted), plain(text)
    whole = _rank(wanted, text, least_loose)
    if whole is not None or " " not in wanted:
        return whole
    words = wanted.split()
    if not all(word[0].isalnum() for word in words):
        return None
    each = [_rank(word, text, least_loose) for word in words]
    found = [one for one in each if one is not None]
    return max(found) if len(found) == len(each) else None


def op_rank(wanted: str, op: Op) -> Rank | None:
    """How well an op fits: by its name, title and symbol, then by its other names, then by its group (“loss”)."""
    sign, wanted = wanted.strip(), plain(wanted)
    names, others = _names(op)
    if op.symbol in (sign, *_KEYS.get(wanted, ())) or wanted in others:
        return EXACT
    ranks = [best(wanted, names)]
    if len(wanted) >= LEAST_PART and any(wanted in name for name in others):
        ranks.append(OTHER_NAME)
    if len(wanted) >= LEAST_GROUP and _begins_word(wanted, f"{op.group} {GROUPS.get(op.group, '').casefold()}"):
        ranks.append(GROUP)
    return min((one for one in ranks if one is not None), default=None)


def found_ops(wanted: str) -> list[Op]:
    """The ops that fit what is typed, the best first; of equals that which the palette shows first."""
    groups = list(GROUPS)
    ranked = [(found, groups.index(op.group), op) for op in OPS.values() if (found := op_rank(wanted, op)) is not None]
    return [op for *_, op in sorted(ranked, key=lambda row: row[:2])]


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text as it is compared: in small letters, with one space between words."""
    return " ".join(text.casefold().split())


@lru_cache(maxsize=1000)
def _names(op: Op) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an op is called on screen and in files, and what else a program may call it. One sign alone is Σ or σ."""
    symbol = (op.symbol,) if len(op.symbol) > 1 else ()
    return tuple(map(plain, (op.name, op.title, *symbol))), tuple(map(plain, op.aliases))


def best(wanted: str, texts: Iterable[str], least_loose: int = LEAST_LOOSE) -> Rank | None:
    """How well the best of some texts fits."""
    ranks = [found for text in texts if (found := rank(wanted, text, least_loose)) is not None]
    return min(ranks, default=None)


def _rank(wanted: str, text: str, least_loose: int) -> Rank | None:
    if wanted == text:
        return EXACT
    if text.startswith(wanted):
        return BEGINS
    if wanted in text:
        return BEGINS_WORD if _begins_word(wanted, text) else PART if len(wanted) >= LEAST_PART else None
    gaps = _gaps(wanted, text) if len(wanted) >= least_loose else None
    return None if gaps is None else LOOSE + gaps


def _begins_word(wanted: str, text: str) -> bool:
    at = text.find(wanted)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(wanted, at + 1)
    return at >= 0


def _gaps(letters: Iterable[str], text: str) -> int | None:
    """How often letters are left out where no new word begins; None: a letter is missing."""
    gaps, at = 0, -1
    for letter in letters:
        found = text.find(letter, at + 1)
        if found < 0:
            return None
        gaps += found > at + 1 and text[found - 1].isalnum()
        at = found
    return gaps
