"""Names, numbers and words as LaTeX writes them."""

import re


def tex_name(name: str) -> str:
    """A name as LaTeX: one letter italic, letters and digits with an index, anything longer upright."""
    stem = name.rstrip("0123456789").rstrip("_")
    digits = name[len(stem) :].lstrip("_")
    if len(stem) == 1 and stem.isalpha():
        return f"{_tex_letter(stem)}_{{{digits}}}" if digits else _tex_letter(stem)
    letters = "".join(map(_tex_letter, " ".join(name.split())))
    joined = _LONE_LETTERS.sub(lambda run: r"\text{" + "".join(_LONE_LETTERS_INSIDE.findall(run[0])) + "}", letters)
    return rf"\mathrm{{{joined}}}"


_LONE_LETTERS, _LONE_LETTERS_INSIDE = re.compile(r"(?:\\text\{[^{}]\})+"), re.compile(r"\{(.)\}")


TEX_ESCAPED = {letter: rf"\{letter}" for letter in "_%#&${}"}
_TEX_LETTERS = TEX_ESCAPED | {
    " ": "~", "\\": r"\backslash{}", "~": r"\sim{}", "^": r"\wedge{}", "−": "-",
    "α": r"\alpha{}", "β": r"\beta{}", "γ": r"\gamma{}", "δ": r"\delta{}", "ε": r"\epsilon{}", "η": r"\eta{}",
    "θ": r"\theta{}", "κ": r"\kappa{}", "λ": r"\lambda{}", "μ": r"\mu{}", "ν": r"\nu{}", "π": r"\pi{}",
    "ρ": r"\rho{}", "σ": r"\sigma{}", "τ": r"\tau{}", "φ": r"\phi{}", "χ": r"\chi{}", "ψ": r"\psi{}",
    "ω": r"\omega{}", "Δ": r"\Delta{}", "Σ": r"\Sigma{}", "Φ": r"\Phi{}", "Ω": r"\Omega{}", "∂": r"\partial{}",
    "·": r"\cdot{}", "×": r"\times{}", "²": "^2", "½": r"\tfrac12{}",
}  # fmt: skip


def _tex_letter(letter: str) -> str:
    if letter in _TEX_LETTERS or letter.isascii():
        return _TEX_LETTERS.get(letter, letter) if letter.isprintable() else ""
    return rf"\text{{{letter}}}" if letter.isprintable() else ""  # LaTeX has no ü in its mathematics


def tex_number(text: str) -> str:
    """A number text as LaTeX: the minus sign and the power of ten."""
    text = text.replace("−", "-").replace("∞", r"\infty")
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if e and exponent.lstrip("-").isdigit() else text


def tex_text(text: str) -> str:
    """A word or a sentence within a formula, set upright."""
    return rf"\text{{{''.join(TEX_ESCAPED.get(letter, letter) for letter in text if letter.isprintable())}}}"
