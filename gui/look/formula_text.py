"""LaTeX as one line of plain text, as one would type it: it stands where a formula is not typeset yet, and is equal."""

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z0-9.]+|\s+|.", re.DOTALL)
_SIGNS = {
    r"\partial": "∂", r"\sum": "Σ", r"\prod": "Π", r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\otimes": "⊗",
    r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\sim": "~", r"\wedge": "∧", r"\infty": "∞", r"\top": "ᵀ", r"\star": "⋆",
    r"\lfloor": "⌊", r"\rfloor": "⌋", r"\cdots": "⋯", r"\bmod": " mod ", r"\leftarrow": "←",
    r"\quad": " ", r"\_": "_", r"\%": "%",
    r"\left": "", r"\right": "", r"\textstyle": "", r"\,": " ", r"\;": " ", r"\!": "", r"\\": " ",
    "~": " ", "-": "−", "&": " ",
}  # fmt: skip
_RAISED = str.maketrans("0123456789−ᵀ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_UPRIGHT = (r"\mathrm", r"\text", r"\operatorname")
_TO_BE_BRACKETED = re.compile(r"[ /+−·×⊙]")


@lru_cache(maxsize=4096)
def plain(tex: str) -> str:
    """A formula in one line: ∂f/∂x = ∂f/∂q · ∂q/∂x."""
    return _tidy(_Reader(tex).sequence())


class _Reader:
    """Goes through the tokens of a formula once."""

    def __init__(self, tex: str) -> None:
        self._tokens, self._at = _TOKEN.findall(tex), 0

    def sequence(self, end: str = "") -> str:
        """All up to a token, or to the end of the formula."""
        parts: list[str] = []
        while self._at < len(self._tokens):
            token = self._take()
            if token == end:
                break
            parts.append(self._one(token))
        return "".join(parts)

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _one(self, token: str) -> str:
        if token in _SIGNS:
            return _SIGNS[token]
        if token == "{":
            return self.sequence("}")
        if token in ("^", "_"):
            return _raised(self._argument()) if token == "^" else _lowered(self._argument())
        return self._command(token) if token.startswith("\\") else token

    def _argument(self) -> str:
        """What a command is for: a group, or one token."""
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._one(self._take()) if self._at < len(self._tokens) else ""

    def _command(self, token: str) -> str:
        if token in _UPRIGHT:
            return self._argument()
        if token in (r"\frac", r"\tfrac"):
            return self._fraction()
        if token == r"\sqrt":
            return f"√{bracketed(self._argument())}"
        if token == r"\overline":
            return f"mean({self._argument()})"
        if token == r"\begin":
            return self._rows(self._argument())
        return _word(token[1:])

    def _fraction(self) -> str:
        """A token that follows without braces is one digit for each part: a half is written \\tfrac12."""
        if self._at < len(self._tokens) and re.fullmatch(r"\d\d+", digits := self._tokens[self._at]):
            self._at += 1
            return f"{digits[0]}/{digits[1:]}"
        return f"{bracketed(self._argument())}/{bracketed(self._argument())}"

    def _rows(self, kind: str) -> str:
        """A matrix in brackets; cases as one says them: (0 if x ≤ 0, else 1)."""
        rows = [["".join(cell) for cell in row] for row in self._cells()]
        rows = [[plain(cell) for cell in row] for row in rows]
        if kind == "cases":
            return f"({', '.join(map(_case, rows))})"
        lines = [f"[{', '.join(row)}]" for row in rows]
        return lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]"

    def _cells(self) -> list[list[list[str]]]:
        """The tokens up to the end of this table, cell by cell; a table in a cell is left as it is."""
        rows: list[list[list[str]]] = [[[]]]
        depth = 0
        while self._at < len(self._tokens):
            token = self._take()
            if token == r"\end" and not depth:
                self._argument()
                break
            depth += (token == r"\begin") - (token == r"\end")
            if depth or token not in ("&", r"\\"):
                rows[-1][-1].append(token)
            else:
                rows[-1].append([]) if token == "&" else rows.append([[]])
        return rows


def _case(row: list[str]) -> str:
    value, condition = row[0], row[-1]
    return f"else {value}" if condition == "otherwise" else f"{value} if {condition.removeprefix('if ')}"


def bracketed(text: str) -> str:
    """In brackets where it has parts that would fall apart; what is one function, name or bracket stays as it is."""
    outside, before = text, ""
    while outside != before:
        before, outside = outside, re.sub(r"\([^()]*\)", "", outside)
    return f"({text})" if _TO_BE_BRACKETED.search(outside.replace("∂ ", "∂").strip()) else text


def _raised(text: str) -> str:
    """Digits, a minus and the sign of a transpose stand above the line; anything else behind ^."""
    return text.translate(_RAISED) if re.fullmatch(r"−?\d+|ᵀ", text) else f"^{bracketed(text)}"


def _lowered(text: str) -> str:
    """Digits stand below the line; anything else behind _."""
    return text.translate(_LOWERED) if re.fullmatch(r"\d+", text) else f"_{text}"


def _word(name: str) -> str:
    """A Greek letter for its name; any other command, such as a function's, as its name."""
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")
    except KeyError:
        return f"{name} "


def _tidy(text: str) -> str:
    """No more space than one would type, and no bracket twice."""
    text = re.sub(r"∂ +", "∂", " ".join(text.split()))
    text = re.sub(r"\b([a-z]+) \(", lambda name: f"{name[1]}(" if name[1] not in ("if", "else") else name[0], text)
    return re.sub(r"\(\(([^()]*)\)\)", r"(\1)", re.sub(r"([(\[⌊]) +| +([)\],⌋])", r"\1\2", text))
