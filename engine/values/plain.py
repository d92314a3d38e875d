"""What text and carried data may be, so that every file, screen and export can hold them; and how text from elsewhere
is brought in.

Refused in text: half a surrogate pair (UTF-8 cannot write it), U+FFFE and U+FFFF (XML cannot), control characters and
line ends (a label stands on one line, in a comment of a program too), and the signs that turn the direction of writing
(with them a line of a program reads otherwise than it runs).
"""

import math
import re
from collections.abc import Iterator
from reprlib import Repr
from typing import Any

LONGEST_ID, LONGEST_TEXT = 255, 1000  # characters
WIDEST = 2**63  # whole numbers lie below it: all that other readers of JSON can keep, and NumPy
DEEPEST = 32  # lists and objects in each other: they are written, compared and shown by going down into each
MOST_CARRIED = 1_000_000  # items and characters

_ENDS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[\w-]+")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_SHOWN = Repr()
_SHOWN.maxstring, _SHOWN.maxother, _SHOWN.maxlevel = 80, 80, 3


def text_flaw(text: Any, longest: int = LONGEST_TEXT) -> str:
    """Why this cannot be a line of text: the end of a sentence that begins with its name; empty if it can."""
    if not isinstance(text, str):
        return "must be text"
    if len(text) > longest:
        return f"is too long: {len(text):,} characters; at most {longest:,} are allowed"
    found = _REFUSED.search(text)
    return f"holds the character U+{ord(found[0]):04X}, which cannot be shown or saved" if found else ""


def one_line(text: str) -> str:
    """The same text with a space for each end of a line and each tab."""
    return _ENDS.sub(" ", text)


def brought_in(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text from a file that is not ours as a line that may be kept: without what is refused, and not too long."""
    plain = _REFUSED.sub("", one_line(text))
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def shortened(text: str, most: int = 40) -> str:
    """A text as a sentence names it."""
    return text if len(text) <= most else text[: most - 1] + "…"


def shown(value: Any) -> str:
    """Any value as a sentence quotes it: short, however long or deep it is."""
    return _SHOWN.repr(value)


def carried_flaw(data: Any) -> tuple[str, str]:
    """Why data that is kept but not looked at cannot be, as a sentence, and its place in it: both empty if it can.

    It is what JSON can say and gives back the same: objects, lists, text, finite and 64-bit numbers, true, false, null.
    """
    todo, seen = [(data, "", 1)], 0
    while todo:
        item, place, depth = todo.pop()
        seen += 1 + (len(item) if isinstance(item, str) else 0)
        if flaw := _item_flaw(item):
            return flaw, place
        if isinstance(item, dict | list) and depth > DEEPEST:
            return f"lists and objects may stand in each other {DEEPEST} deep at the most", place
        if seen + len(todo) > MOST_CARRIED:
            return f"there is too much here: at most {MOST_CARRIED:,} items and characters are kept", ""
        todo += [(part, place + at, depth + 1) for at, part in _parts(item)]
    return "", ""


def _step(key: str) -> str:
    """A step of a place; a key that is no name is quoted: `["a.b"]`, `[""]`."""
    return f".{shortened(key)}" if _NAME.fullmatch(key) else f'["{shortened(key)}"]'


def _parts(item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, dict):
        yield from ((_step(key), part) for key, part in item.items())
    elif isinstance(item, list):
        yield from ((f"[{i}]", part) for i, part in enumerate(item))


def _item_flaw(item: Any) -> str:
    if item is None or isinstance(item, bool | list):
        return ""
    if isinstance(item, int):
        return "" if -WIDEST <= item < WIDEST else "a whole number must fit into 64 bits"
    if isinstance(item, float):
        return "" if math.isfinite(item) else "a number must be finite"
    if isinstance(item, dict):
        texts = item
    elif isinstance(item, str):
        texts = {item: None}
    else:
        return f"{type(item).__name__} is nothing that a file can hold"
    if not all(isinstance(text, str) for text in texts):
        return "the keys of an object must be text"
    return "this text holds half a surrogate pair, which no file can hold" if any(map(_HALF_PAIR.search, texts)) else ""
