"""Declaring an operation: one call of `op`, which refuses what is not whole with a sentence."""

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from difflib import get_close_matches
from string import Formatter
from typing import Any

from engine.ops.op import GROUPS, OPS, Op
from engine.ops.speech import Said, Spoken, Words
from engine.ops.substitute import names_in
from engine.ops.words.table import WORDS


def op(name: str, symbol: str, ports: str, forward: str, **rest: Any) -> Op:
    """Declare an operation. `ports` are names separated by spaces; a final `...` lets the last one repeat.

    Its title is its name, unless one is given. Raises ValueError with a sentence if the declaration is incomplete.
    """
    names = tuple(ports.replace("...", " ").split())
    said = {"title": name.replace("_", " ").capitalize()} | rest
    declared = Op(name, symbol, names, forward, repeats=ports.endswith("..."), **said)
    if declared.local and not declared.responsibility:
        declared = replace(declared, responsibility=_responsible(declared.slope))
    complaint = next((wrong for check in _CHECKS for wrong in check(declared)), None)
    if complaint is not None:
        raise ValueError(f"The op “{name}” {complaint}.")
    OPS[name] = declared
    return declared


def _responsible(slope: Words) -> Spoken:
    """What is said by default: the source is its local derivative times as responsible."""
    number, tensor = (": the slope is {slope}", " {slope}") if slope else ("", " the slope there")
    return Spoken(
        f"{{Responsible}}{number}.",
        f"Every element of {{node}} hands its responsibility on to {{source}}, multiplied by{tensor}.",
    )


# --- what a declaration must not be: each function yields the ends of sentences about it


def _names_wrong(op: Op) -> Iterator[str]:
    taken = {name: known.name for known in OPS.values() for name in (known.name, known.symbol, *known.aliases)}
    symbols = {known.symbol: known.name for known in OPS.values()}
    for name in (op.name, *op.aliases):
        if not name.isidentifier():
            yield f"cannot be called “{name}”: a name is made of letters, digits and _"
        if name in taken:
            yield f"cannot be called “{name}”: “{taken[name]}” is already called that"
    if not 1 <= len(op.symbol) <= 4:
        yield f"cannot have the symbol “{op.symbol}”: it must be one to four characters"
    if op.symbol in symbols:
        yield f"cannot have the symbol “{op.symbol}”: it is already the symbol of “{symbols[op.symbol]}”"
    if op.group not in GROUPS:
        yield f"cannot be in the group “{op.group}”: the groups are {', '.join(GROUPS)}"


def _texts_wrong(op: Op) -> Iterator[str]:
    if op.is_leaf:
        return
    ports, settings = frozenset(op.ports), frozenset(op.defaults)
    rule = settings | {"y"} | ({"x", "xs", "i"} if op.repeats else ports)
    yield from _text_wrong(op.forward, settings | ports | ({"xs"} if op.repeats else frozenset()))
    for text in (*op.local, *op.vjp):
        yield from _text_wrong(text, rule | {"g"} if op.vjp else rule)
    for condition in (op.kink, *(trouble.when for trouble in op.troubles)):
        yield from _text_wrong(condition, settings | ports) if condition else ()
    if bool(op.local) == bool(op.vjp):
        yield "needs either local derivatives or vjp rules"
    if len(op.local or op.vjp) not in (1, len(op.ports)):
        yield f"has {len(op.local or op.vjp)} backward rules for {len(op.ports)} ports"


def _text_wrong(text: str, allowed: Set[str]) -> Iterator[str]:
    try:
        unknown = names_in(text) - allowed - WORDS.keys()
    except SyntaxError:
        yield f"has a text that is not an expression: “{text}”"
        return
    for name in sorted(unknown):
        near = get_close_matches(name, [*allowed, *WORDS], n=1)
        hint = f"did you mean “{near[0]}”? " if near else ""
        known = f"It may say {', '.join(sorted(allowed))} and the words of engine/ops/words/table.py"
        yield f"cannot say “{name}” in “{text}”: {hint}{known}"


def _ports_wrong(op: Op) -> Iterator[str]:
    names = [*op.ports, *op.defaults]
    for name in names:
        if not name.isidentifier() or names.count(name) > 1 or (name in op.ports and name in {"y", "g", *WORDS}):
            yield f"cannot have a port or setting “{name}”: it is not a valid name, or already stands for something else"
    if not op.is_leaf and "xs" not in names_in(op.forward):
        for port in frozenset(op.ports) - names_in(op.forward):
            yield f"never uses its port “{port}” in “{op.forward}”"


def _words_wrong(op: Op) -> Iterator[str]:
    if not op.title or not op.tooltip.endswith("."):
        yield "needs a title, and a tooltip that is a sentence"
    if not all(said.remedy.endswith(".") and len(said.example) == len(op.ports) for said in op.troubles):
        yield "needs a trouble with a remedy that is a sentence, and with an example of one number for each port"
    if op.is_leaf:
        return
    if op.roles and len(op.roles.split(", ")) != len(op.ports):
        yield f"has {len(op.ports)} ports, but says what {len(op.roles.split(', '))} are for"
    if not op.latex or not _placeholders(op.latex) <= frozenset(op.ports):
        yield f"needs LaTeX with its ports as the only placeholders, not “{op.latex}”"
    yield from _said_wrong(op, "slope", op.slope, "") if op.slope else ()
    yield from _said_wrong(op, "work", op.does, "") if op.does else ()
    yield from _said_wrong(op, "convention", op.convention) if op.convention else ()
    yield from _said_wrong(op, "gradient", op.gradient)
    yield from _said_wrong(op, "responsibility", op.responsibility)


_PHRASES = frozenset({"increase", "responsible", "through"})
_FACTS = _PHRASES | {phrase.capitalize() for phrase in _PHRASES} | {
    "other", "y", "g", "local", "contribution", "node", "source", "port", "slope", "moves", "averaged", "each",
    "settings", "inputs", "element",
}  # fmt: skip


def _said_wrong(op: Op, wording: str, words: Words, end: str = ".") -> Iterator[str]:
    said = words if isinstance(words, tuple) else (words,)
    if len(said) not in (1, len(op.ports)):
        yield f"has {len(said)} sentences about its {wording} for {len(op.ports)} ports"
    for part in said:
        for text in _templates(part):
            if not text.endswith(end) or not text:
                yield f"needs a sentence about its {wording}, not “{text}”"
            for name in _placeholders(text) - _FACTS - frozenset(op.ports):
                yield f"cannot say “{{{name}}}” in “{text}”: nothing is known by that name"


def _templates(said: Said) -> tuple[str, ...]:
    if isinstance(said, Spoken):
        return said.number, said.tensor
    return (said,) if isinstance(said, str) else ()


def _placeholders(template: str) -> frozenset[str]:
    fields = (name for _, name, _, _ in Formatter().parse(template) if name is not None)
    return frozenset(re.split(r"[.\[]", name)[0] for name in fields)


_CHECKS = (_names_wrong, _texts_wrong, _ports_wrong, _words_wrong)
