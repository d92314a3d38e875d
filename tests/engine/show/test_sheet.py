"""Every sentence about a contribution is true: of each op, in every case of the sheet, in both wordings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from engine.ops.kernel import bind_text
from engine.ops.op import OPS, Op
from engine.passes.run import run
from engine.passes.trace import ContributionStep, Trace
from engine.show.reasons import why, why_computed
from engine.show.wording import WORDINGS, Wording
from engine.values.values import number_text
from tests.engine.sheet import NODE, SHEET, cases, sheets, steps

COMPUTED = [op for op in OPS.values() if not op.is_leaf]
each_op = pytest.mark.parametrize("op", COMPUTED, ids=lambda op: op.name)


class Sentence(NamedTuple):
    """What is said of one step of a case, its names made recognisable: `node1` …, the op's own node `thenode`."""

    text: str
    wording: Wording
    op: Op
    trace: Trace
    step: ContributionStep

    @property
    def inputs(self) -> list[np.float64]:
        return list(self.trace.inputs(NODE))

    @property
    def numeric(self) -> bool:
        """Whether it speaks of single numbers."""
        return not any(np.ndim(x) for x in (*self.inputs, self.trace.value(NODE), self.step.contribution))

    @property
    def finite(self) -> bool:
        numbers = (*self.inputs, self.trace.value(NODE), self.step.upstream, self.step.contribution)
        local = self.step.local
        return all(np.isfinite(x).all() for x in numbers) and (local is None or bool(np.isfinite(local).all()))


@cache
def said(op: Op) -> list[Sentence]:
    return list(_said(op))


def _said(op: Op) -> Iterator[Sentence]:
    for _, graph in cases(op):
        labels = {id: f"node{i}" for i, id in enumerate(graph.nodes)} | {NODE: "thenode"}
        named = replace(graph, nodes={id: replace(node, label=labels[id]) for id, node in graph.nodes.items()})
        trace = run(named)
        for step in steps(trace):
            for wording in WORDINGS:
                yield Sentence(why(named, trace, step, wording), wording, op, trace, step)


def test_the_sheets_are_as_they_were_read() -> None:
    """When this fails, write them anew with `python -m tests.engine.sheet`, and read what has changed."""
    written = {path.name: path.read_text("utf-8") for path in SHEET.iterdir()}
    assert written == sheets()


CLUMSY = [
    r" 1 times", r"(?<![\w.])[-−]0(?![\d.])", r"-\d", r"−−", r"\+ −", r"  ", r"\b(a|the|is|of) \1\b", r"[{}]",
    r"\bNone\b(?! of)", r"\baxis \d and", r"\(\)", r"\.\.", r" [,.:;]", r"\bmore in\b", r"array\(",
    r"\b1 (elements|numbers|places|gates)\b",
]  # fmt: skip


@each_op
def test_no_sentence_is_clumsy(op: Op) -> None:
    for text, wording, *_ in said(op):
        assert [clumsy for clumsy in CLUMSY if re.search(clumsy, text)] == [], text
        assert text.endswith("."), text
        for part in re.split(r"(?<=\.) (?=[A-Z])", text):
            assert part[0].isupper() or part[0].isdigit() or part.startswith(("node", "thenode")), part
        assert wording == "gradient" or "gradient" not in text, text


@each_op
def test_no_letter_is_the_ops_own(op: Op) -> None:
    for text, *_ in said(op):
        letters = set(re.findall(r"(?<![\w'])[A-Za-zα-ωΑ-Ω](?![\w(^'])", text))
        assert letters <= {"a", "A", "Φ", "φ", "π"}, text
        assert not re.search(r"[₀-₉ᵢⱼᵀˣⁿᵇ]", text), text


@each_op
def test_the_forward_sentence_names_all_inputs(op: Op) -> None:
    assert op.does, "an op says what it does"
    for _, graph in cases(op):
        trace = run(graph)
        step = next(s for s in trace.forward_steps if s.node == NODE)
        text = why_computed(graph, trace, step)
        assert text.startswith(f"{NODE} ") and text.endswith("."), text
        assert not any(re.search(clumsy, text) for clumsy in CLUMSY), text
        told = {edge.source for edge in graph.into(NODE)} if op.name != "one_hot" else set()
        assert all(re.search(rf"(?<!\w){name}(?!\w)", text) for name in told), text


@each_op
def test_where_a_number_is_not_finite_no_finite_slope_is_claimed(op: Op) -> None:
    for sentence in said(op):
        values = (sentence.trace.value(NODE), sentence.step.local, sentence.step.contribution)
        if all(value is None or np.isfinite(value).all() for value in values):
            continue
        assert SAID_SO.search(sentence.text), sentence.text
        if sentence.numeric:
            assert not CLAIMED.search(sentence.text), sentence.text


SAID_SO = re.compile(r"no slope|infinite|not finite|is finite|What reached|too large")
CLAIMED = re.compile(r"slope (is|of|along this edge is (?!infinite))|increases|decreases|responsible as|[=≈]")


@each_op
def test_a_kink_is_told_by_its_convention(op: Op) -> None:
    if not op.kink:
        return
    assert op.convention, "an op with a kink says what counts as its slope there"
    told = 0
    for sentence in said(op):
        if sentence.finite and sentence.numeric:
            with np.errstate(all="ignore"):
                at = float(bind_text(op, op.kink, len(sentence.inputs))(*sentence.inputs)) == 0
            told += at and "convention" in sentence.text
            assert at or "convention" not in sentence.text, sentence.text
    assert told or op.group == "reduce", "a single number has no ties"


# --- numbers


def slope(sentence: Sentence) -> float:
    """Along the edge, by finite differences of the op: only its own input moves. At a kink the convention's number."""
    port, inputs = sentence.step.edge.port, [float(x) for x in sentence.inputs]
    task = next(task for task in sentence.trace.plan.order if task.node == NODE)
    forward = task.kernel.forward
    x = inputs[port]
    h = abs(x) * 1e-5 or 1e-7
    sides = [[np.float64(value + (i == port) * by) for i, value in enumerate(inputs)] for by in (h, -h, 0.0)]
    with np.errstate(all="ignore"):
        above, below, here = (float(forward(*side)) for side in sides)
        at_kink = sentence.op.kink and bind_text(sentence.op, sentence.op.kink, len(inputs))(*sides[-1]) == 0
    if at_kink:
        return float(sentence.step.local)
    up, down = (above - here) / h, (here - below) / h
    noise = 1e-15 * max(abs(above), abs(below), abs(here)) / h
    if abs(x) > 1e100 or not np.isfinite(up + down) or noise > 1e-4 * abs(float(sentence.step.local)) > 0:
        return float(sentence.step.local)  # nothing can be told from differences
    if abs(up - down) > 1e-2 * max(abs(up), abs(down)) + 10 * noise + 1e-6:  # a kink, or an end
        return float(sentence.step.local)
    return (up + down) / 2


def near(told: float, true: float) -> bool:
    return math.isclose(told, true, rel_tol=5e-3, abs_tol=2e-6)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


NUMBER = r"−?\d+(?:\.\d+)?(?:e−?\d+)?"


@each_op
def test_the_numbers_of_a_sentence_agree_with_finite_differences(op: Op) -> None:
    for sentence in said(op):
        if not (sentence.numeric and sentence.finite and sentence.step.local is not None):
            continue
        for told in claims(sentence.text):
            assert near(told, slope(sentence)), (sentence.text, slope(sentence))


LINEAR = re.compile(rf"by 1(?: along this edge only)? and thenode (increases|decreases) by ({NUMBER})")
TIMES = rf"is (exactly as|very nearly as|{NUMBER} times as) responsible as thenode(?: itself)?"
RESPONSIBLE = re.compile(TIMES + "(, in the opposite direction)?")
SLOPE = re.compile(rf"(?:slope is|has slope|multiplied by|[=≈]) ({NUMBER})(?=[.,;](?: |$))")
NOTHING = re.compile(r"thenode does not change|not responsible at all|changes nothing")


def claims(text: str) -> Iterator[float]:
    """Every slope that a sentence states, in whichever words."""
    for verb, size in LINEAR.findall(text):
        yield number(size) if verb == "increases" else -number(size)
    for much, way in RESPONSIBLE.findall(text):
        yield (number(much.split()[0]) if "times" in much else 1.0) * (-1 if way else 1)
    yield from (number(found) for found in SLOPE.findall(text))
    yield from (0.0 for _ in NOTHING.findall(text))


@each_op
def test_linear_claims_hold_however_far_one_goes(op: Op) -> None:
    """`increase x by 1 and y increases by 3` is said of linear ops only."""
    for sentence in said(op):
        found = re.search(
            rf"by 1(?: along this edge only)? and thenode (increases|decreases) by ({NUMBER})", sentence.text
        )
        if not found or max(map(abs, sentence.inputs)) > 1e6:
            continue
        port = sentence.step.edge.port
        moved = [x + (i == port) for i, x in enumerate(sentence.inputs)]
        task = next(task for task in sentence.trace.plan.order if task.node == NODE)
        change = float(task.kernel.forward(*moved)) - float(sentence.trace.value(NODE))
        assert near(number(found[2]) * (1 if found[1] == "increases" else -1), change), sentence.text


BEGINS = r"(?:[−(\d]|sin|cos|tan|ln|log|e\^|σ|Φ|√|2/√)"
CHAIN = re.compile(rf"(?:: |, |is |of |slope )({BEGINS}[^:,;]*?) ([=≈]) ({NUMBER})")
MEANING = {
    "·": "*", "²": "**2", "^": "**", "−": "-", "e**": "E**", "√π": "SQRTPI",
    "σ": "sigmoid", "Φ": "normal", "φ": "density",
}  # fmt: skip
WORDS = {
    "E": math.e,
    "SQRTPI": math.sqrt(math.pi),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "normal": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
    "density": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    "sign": np.sign,
    "ln": math.log,
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "sqrt", "tanh")},
}


def worked_out(chain: str, words: dict[str, Any] = WORDS) -> Any:
    """The left side of `2·3 = 6`, or of what stands in names for the arrays that have them."""
    text = re.sub(r"(?<!\w)\d+(?:\.\d+)?e−\d+", lambda n: n[0].replace("−", "-"), chain)
    for sign, meaning in MEANING.items():
        text = re.sub(r"\be\*\*", meaning, text) if sign == "e**" else text.replace(sign, meaning)
    text = re.sub(r"\b(sin|cos|tan|ln) (?!\()([\w.-]+)", r"\1(\2)", text)
    text = re.sub(r"\b(sin|cos|tan|ln) \(", r"\1(", text)
    return eval(text, {"__builtins__": {}}, words)


@each_op
def test_both_sides_of_what_is_worked_out_are_equal(op: Op) -> None:
    for sentence in said(op):
        for chain, sign, result in CHAIN.findall(sentence.text):
            true, told = float(worked_out(chain)), number(result)
            if sign == "≈":
                assert number_text(true) == result or math.isclose(true, told, rel_tol=1e-12), (sentence.text, true)
            else:
                assert math.isclose(true, told, rel_tol=1e-9, abs_tol=1e-12), (sentence.text, true)


ARRAYS = {name: np.vectorize(word) if callable(word) else word for name, word in WORDS.items()}
IN_WORDS = re.compile(r"(?<!sin)(?<!cos)(?<!tan)(?<!ln)(?<=[a-z]) [a-z]")
BY_NAME = re.compile(r"(?:multiplied by|times) ([^:,;]*?(?:thenode|node\d)[^:,;]*?)(?=[:,;.](?: |$))")


@each_op
def test_a_slope_in_names_is_the_local_derivative_of_tensors(op: Op) -> None:
    """`what reached y is multiplied by −a/b²`: worked out over the arrays that are called so."""
    told = 0
    for sentence in said(op):
        if sentence.numeric or not sentence.finite or sentence.step.local is None:
            continue
        for chain in BY_NAME.findall(sentence.text):
            if not op.slope or IN_WORDS.search(chain):
                continue  # in words, not in signs
            labels = {node: f"node{i}" for i, node in enumerate(sentence.trace.plan.slots)}
            held = {label: sentence.trace.value(*node) for node, label in labels.items()}
            held["thenode"] = sentence.trace.value(NODE)
            with np.errstate(all="ignore"):
                true = worked_out(chain, ARRAYS | held)
            active = np.broadcast_to(sentence.step.local, np.shape(true)) if op.elementwise else sentence.step.local
            below = np.ones(np.shape(active), bool) if op.group != "activation" or not op.kink else held["node0"] <= 0
            np.testing.assert_allclose(np.asarray(true)[below], np.asarray(active)[below], rtol=1e-9, err_msg=chain)
            told += 1
    assert told or not op.slope, "a slope is told of tensors too"
