"""What a formula out of a book means that is no Python: sin x, x +, (x + y)z; and what to type instead."""

import keyword
import math
import re
from itertools import takewhile

from engine.ops.op import OPS

_TERM = r"(?:(?:\d[\d.]*[ \t]*\*?[ \t]*)?[^\W\d]\w*|\d[\d.]*)(?![\w(.])"
_CALL = re.compile(rf"(?<![\w.])([^\W\d]\w*)((?:[ \t]+{_TERM})+)")
_RAISED_CALL = re.compile(rf"(?<![\w.])([^\W\d]\w*)[ \t]*(?:\^|\*\*)[ \t]*(\d+)[ \t]+({_TERM})")
_SIGNED_CALL = re.compile(rf"(?<![\w.])([^\W\d]\w*)[ \t]+(-{_TERM})")
_POWER_OF_E = re.compile(rf"(?<![\w.])e[ \t]*(?:\^|\*\*)[ \t]*(\([^()]*\)|-?{_TERM})")
_SIGN = r"(\*\*|//|[<>=!]=|[-+*/@%^=<>])"
_NOTHING_BEHIND = re.compile(rf"{_SIGN}\s*(?:[)\]]|$)")
_NOTHING_BEFORE = re.compile(r"(?:^|[(\[])\s*(\*\*|//|==|[*/@%^=<>])")
_FACTORS = re.compile(r"[)\]]\s*\w|(?<![\w.])\d[\d.]*\s+[^\W\d]")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_OPENING = {close: begin for begin, close in _BRACKETS.items()}


def is_called(name: str) -> bool:
    """Whether an operation that takes something is called so."""
    return any(op.ports and (name == op.name or name in op.aliases) for op in OPS.values())


def _takes(name: str) -> float:
    """How many things an operation that is called so takes at the most."""
    called = (op for op in OPS.values() if name == op.name or name in op.aliases)
    return max((math.inf if op.repeats else len(op.ports) for op in called), default=0)


def call_meant(text: str) -> str:
    """What to write for a function without brackets, as in `2 sin x`; empty where there is none."""
    raised = _RAISED_CALL.search(text)
    if raised and is_called(raised[1]):
        return f"write {raised[1]}({raised[3]})**{raised[2]}: what a function takes goes in brackets"
    for at, word in ((found.start(), found.group()) for found in re.finditer(r"[^\W\d]\w*", text)):
        found = _CALL.match(text, at)
        if found is None or not is_called(word):
            continue
        terms = list(takewhile(lambda term: not is_called(term), re.findall(_TERM, found[2])))
        if terms and not any(map(keyword.iskeyword, terms)):
            between = ", " if _takes(word) >= len(terms) else " * "
            return f"write {word}({between.join(terms)}): what a function takes goes in brackets"
    return ""


def name_meant(text: str, name: str) -> str:
    """What to write where a name that nothing has yet is a function or a number of books, as in `sin -x` and `e**x`."""
    signed = next((found for found in _SIGNED_CALL.finditer(text) if found[1] == name), None)
    if signed and is_called(name):
        return f"write {name}({signed[2]}): what a function takes goes in brackets"
    if name == "e" and (power := _POWER_OF_E.search(text)):
        return f"write exp({power[1].strip('()')}): e is no number here, but a name"
    return ""


def bracket_meant(message: str) -> str:
    """What to do about brackets that do not match, of which Python's parser says so; empty where it says nothing."""
    signs = re.findall(r"'([()\[\]{}])'", message)
    if "was never closed" in message and signs:
        return f"“{signs[0]}” is never closed: type “{_BRACKETS[signs[0]]}” where it ends"
    if message.startswith("unmatched") and signs:
        return f"“{signs[0]}” closes nothing: take it away, or type “{_OPENING[signs[0]]}” where it begins"
    if "does not match opening" in message and len(signs) == 2:
        return f"“{signs[1]}” is closed by “{signs[0]}”: type “{_BRACKETS[signs[1]]}” instead"
    return ""


def part_missing(line: str) -> str:
    """What a line lacks in which a sign or a factor stands alone; empty where nothing of that kind is seen."""
    if any(keyword.iskeyword(word) for word in re.findall(r"[^\W\d]\w*", line)) or line.lstrip().startswith("print"):
        return ""
    if found := _NOTHING_BEHIND.search(line):
        return f"something is missing after “{found[1]}”"
    if found := _NOTHING_BEFORE.search(line):
        return f"something is missing in front of “{found[1]}”"
    if re.search(r"[\w)]\s*!(?!=)", line):
        return "there is no factorial: write the product out"
    return "put * between factors, as in 2 * x or (x + y) * z" if _FACTORS.search(line) else ""
