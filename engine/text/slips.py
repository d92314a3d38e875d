"""What a line is that Python cannot read: LaTeX, another language, a sign of typography; and what to write instead."""

import keyword
import re
from collections.abc import Mapping

from engine.text.meant import bracket_meant, call_meant, part_missing

_LATEX = "it looks like LaTeX; write it as Python, as in x**2 / 2"
_CHARACTERS: Mapping[str, str] = {
    "‘’“”„‚": "write straight quotes, \" or \'",
    "₀₁₂₃₄₅₆₇₈₉": "write x1 for x₁",
    "∑": "write sum(…)", "∏": "write prod(…)", "∂∇": "gradients are worked out by themselves",
    "—": "write - for a minus",
}  # fmt: skip
_LINES: tuple[tuple[str, str], ...] = (
    (r"\\[A-Za-z(\[]|^\s*\$|[\^_]\{", _LATEX),
    (r"^\s*\w+\s*:=", "write = to give a name a value"),
    (r"\|[^|]+\|", "write abs(x) for |x|"),
    (r"^\s*\w+\s*(\+\+|--)\s*;?\s*$", "write x += 1"),
    (r"^\s*(let|const|var|val|auto|float|double|int)\s+\w+\s*=", "write only the name on the left, x = 2"),
    (r"\.[*/^]", "write *, / and ** : they go element by element"),
    (r"\[\s*-?[\d.]+\s+-?[\d.]", "put commas between the numbers"),
)


def slip(line: str, message: str) -> str:
    """What to write instead, where a line that cannot be read is one of the usual slips; else nothing."""
    if message.startswith("invalid character"):
        said = message.partition("'")[2][:1]
        hint = next((hint for signs, hint in _CHARACTERS.items() if said in signs), "")
        return f"“{said}” is not understood; {hint}" if hint else ""
    if message.startswith("cannot assign to function call"):
        return "a call cannot stand on the left of “=”; for a function write def f(x): return …"
    name = re.match(r"\s*(?:class\s+|def\s+)?(\w+)\s*=(?!=)", line)
    if name and keyword.iskeyword(name.group(1)):
        return f"“{name.group(1)}” is a word of Python's own; choose another name"
    usual = next((hint for pattern, hint in _LINES if re.search(pattern, line)), "")
    return bracket_meant(message) or usual or call_meant(line) or part_missing(line)
