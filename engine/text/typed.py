"""What people type, made what Python reads: typographic signs, `2x`, `x²`, `√x`, prompts of a console, margins.

Every character of the result knows where in the text it came from, so that a refusal names the place that is seen.
"""

import keyword
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator

from engine.errors import TextError
from engine.text.meant import is_called

_SIGNS = {
    "−": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "≥": ">=", "≤": "<=", "≠": "!=",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "∞": "inf", "–": "-",
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip
_PARTS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))

# One piece of a text at a time: what is in quotes and comments stays as it is.
_PIECE = re.compile(
    r"""(?P<kept>[rbuf]{0,2}(?:'{3}.*?(?:'{3}|\Z)|"{3}.*?(?:"{3}|\Z)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\#[^\n]*)
    |(?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]+)
    |(?P<root>√)
    |(?P<part>[½¼¾])
    |(?P<number>(?<![\w.])(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?))
    |(?P<pi>π(?![\d_]))
    |(?P<word>(?:(?![⁰¹²³⁴-⁹½¼¾]|π(?![\d_]))\w)+)
    |(?P<sign>[^\w\s]|[\u00a0\u2009\u202f])""",
    re.VERBOSE | re.DOTALL,
)
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.|In \[\d*\]:|\.\.\.:)(?: |$)")
_FIRST_PROMPT = re.compile(r"\s*(?:>>>|In \[\d*\]:)(?: |$)")
_MAGIC = "matplotlib|load_ext|autoreload|time\\w*|config|pip|conda|capture|reload_ext|cd"
_OF_A_NOTEBOOK = re.compile(rf"\s*(?:```|~~~|%%?(?:{_MAGIC})\b|![\w.]|Out\[\d*\]:)")
_FENCE = re.compile(r"\s*(```|~~~)\s*\{?\.?([\w+-]*)")
_PYTHON = ("python", "py", "python3", "pycon", "ipython", "ipython3")
_ANYTHING_OF_A_NOTEBOOK = re.compile(_OF_A_NOTEBOOK.pattern.replace(r"\s*", r"^[ \t]*", 1), re.MULTILINE)
_UNDER_ROOT = re.compile(r"\s*(?:\d[\d_]*(?:\.\d*)?|[^\W\d](?:(?![⁰¹²³⁴-⁹½¼¾])\w)*)")
_BRACKET = re.compile(r"\s*\(")
_NAME = re.compile(r"(?![⁰¹²³⁴-⁹½¼¾])[^\W\d]\w*")
_TWO_READINGS = ("/", "**", "//", "%", "^", "@")  # 1/2x: half of x, or one over 2x?


class Pieces:
    """A text put together from pieces, each of which knows where it begins in the text that was typed."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.parts: list[str] = []
        self.length = 0

    def put(self, text: str, origin: int) -> None:
        if text:
            self.starts.append(self.length)
            self.origins.append(origin)
            self.parts.append(text)
            self.length += len(text)

    def origin(self, offset: int) -> int:
        """Where in the typed text a character of this one comes from."""
        if not self.starts:
            return 0
        piece = max(bisect_right(self.starts, offset) - 1, 0)
        return self.origins[piece] + min(max(offset - self.starts[piece], 0), len(self.parts[piece]))

    def copy(self, start: int, end: int, to: "Pieces") -> None:
        """Put a part of this text into another."""
        piece = max(bisect_right(self.starts, start) - 1, 0)
        while start < end:
            stop = min(end, self.starts[piece] + len(self.parts[piece]))
            at = start - self.starts[piece]
            to.put(self.parts[piece][at : at + stop - start], self.origins[piece] + at)
            start, piece = stop, piece + 1


class Typed:
    """`text` is the Python of what was typed; `place` says where a character of it was typed."""

    def __init__(self, typed: str) -> None:
        self._line_ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", typed)]
        lines = re.split(r"\r\n|\r|\n", typed)
        self._fenced = _fenced(lines)
        self.is_console = _is_console([line for row, line in enumerate(lines) if row in self._fenced])
        plain = self._laid_out(typed, lines)
        self._pieces = self._rewritten(plain)
        self.text = "".join(self._pieces.parts)
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place(self, line: int, column: int) -> str:
        """Where the character that stands in `line` and `column` (from 1) of the result was typed."""
        start = self._line_starts[min(max(line, 1), len(self._line_starts)) - 1]
        return self._where(self._pieces.origin(start + column - 1))

    def _where(self, offset: int) -> str:
        row = bisect_right(self._line_ends, offset)
        return f"line {row + 1}, column {offset - (self._line_ends[row - 1] if row else 0) + 1}"

    def _laid_out(self, typed: str, lines: list[str]) -> Pieces:
        """Without the margin, the prompts, and what a notebook has beside its code."""
        margin = 0 if self.is_console else _common_margin([line for r, line in enumerate(lines) if r in self._fenced])
        pieces = Pieces()
        if not (margin or self.is_console or "\r" in typed or _ANYTHING_OF_A_NOTEBOOK.search(typed)):
            pieces.put(typed, 0)
            return pieces
        starts = [0, *self._line_ends]
        for row, (line, start) in enumerate(zip(lines, starts, strict=True), 1):
            cut = min(margin, len(line))
            prompt = _PROMPT.match(line) if self.is_console else None
            if prompt and row - 1 in self._fenced:
                cut = prompt.end()
            elif self.is_console or row - 1 not in self._fenced or _OF_A_NOTEBOOK.match(line):
                cut = len(line)
            pieces.put(line[cut:], start + cut)
            pieces.put("\n" if row < len(lines) else "", start + len(line))
        return pieces

    def _rewritten(self, plain: Pieces) -> Pieces:
        """With signs that a keyboard has."""
        text, pieces, at = "".join(plain.parts), Pieces(), 0
        for start, end, by in _replacements(text, lambda offset: self._where(plain.origin(offset))):
            plain.copy(at, start, pieces)
            pieces.put(by, plain.origin(start))
            at = end
        plain.copy(at, len(text), pieces)
        return pieces


def _fenced(lines: list[str]) -> Collection[int]:
    """The rows of code in a text of Markdown: of fences that say Python, else of those that say nothing."""
    blocks: list[tuple[str, range]] = []
    begin, fence = -1, ""
    for row, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and begin < 0:
            begin, fence, said = row, found.group(1), found.group(2).lower()
        elif found and found.group(1) == fence and not found.group(2):
            blocks.append((said, range(begin + 1, row)))
            begin = -1
    spoken = [rows for said, rows in blocks if said in _PYTHON]
    chosen = spoken or [rows for said, rows in blocks if not said]
    if not chosen or begin >= 0:
        return range(len(lines))
    return {row for rows in chosen for row in rows}


def _common_margin(lines: list[str]) -> int:
    """How far all lines are indented, so that an indented block pastes in."""
    full = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len({line[: len(line) - len(line.lstrip())][:1] for line in full}) > 1:
        return 0  # tabs and spaces, or some lines without either
    return min((len(line) - len(line.lstrip()) for line in full), default=0)


def _is_console(lines: list[str]) -> bool:
    """Whether the text is what was typed at prompts, with what was answered between."""
    return any(_FIRST_PROMPT.match(line) for line in [line for line in lines if line.strip()][:1])


def _replacements(text: str, place: Callable[[int], str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, what stands there instead), in order."""
    sign, word, at = "", "", 0  # the sign or the word before the piece, and how far the text is read
    while piece := _PIECE.search(text, at):
        at, kind, said = piece.end(), piece.lastgroup, piece.group()
        if kind == "raised":
            power = "".join(_RAISED[digit] for digit in said)
            if is_called(word) and _BRACKET.match(text, at):
                raise TextError(f"write {word}(…)**{power} for {word}{said}(…)", where=place(piece.start()))
            yield piece.start(), at, "**" + power + ("*" if _begins_value(text, at) else "")
        elif kind == "part":
            yield piece.start(), at, f"({_PARTS[said]})" + ("*" if _begins_value(text, at) else "")
        elif kind == "pi":  # 2πr is a product
            yield piece.start(), at, ("*" if word else "") + "pi" + ("*" if _begins_value(text, at) else "")
        elif kind == "root":
            at, by = _root(text, piece.start(), place)
            yield piece.start(), at, by
        elif kind == "number" and _begins_value(text, at):
            if sign in _TWO_READINGS:
                both = f"“{sign}{said}{text[at]}…”"
                raise TextError(f"{both} can be read in two ways: put brackets round one", where=place(piece.start()))
            yield piece.start(), at, f"{said}*"
        elif kind == "sign" and said in _SIGNS:
            yield piece.start(), at, _SIGNS[said]
        sign = _sign_so_far(sign, _SIGNS.get(said, said), text[piece.start() - 1 : at]) if kind == "sign" else ""
        word = said if kind == "word" else ""


def _sign_so_far(before: str, sign: str, written: str) -> str:
    """`**` and `//` are one sign."""
    return sign * 2 if before == sign and sign in ("*", "/") and written == sign * 2 else sign


def _begins_value(text: str, at: int) -> bool:
    """Whether a name or a bracket stands right here, so that what comes before it is a factor: 2x, 3(x + 1)."""
    word = _NAME.match(text, at)
    return not keyword.iskeyword(word.group()) if word else text[at : at + 1] in ("(", "√")


def _root(text: str, at: int, place: Callable[[int], str]) -> tuple[int, str]:
    """√x and √2 are sqrt(x) and sqrt(2); √(…) is sqrt(…): how far it goes, and what stands there instead."""
    if _BRACKET.match(text, at + 1):
        return at + 1, "sqrt"
    under = _UNDER_ROOT.match(text, at + 1)
    after = text[under.end() : under.end() + 1] if under else ""
    if not under or after.isalnum() or (after and (after in _RAISED or after in "([.")):
        raise TextError("what stands under the √ must be in brackets, as in √(x + 1)", where=place(at))
    return under.end(), f"sqrt({under.group().strip()})"
