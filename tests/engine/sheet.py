"""The sheet of sentences: what every op says of positive and negative numbers, of zero, kinks and nan, of tensors,
broadcasting and fan-out, in both wordings. `python -m tests.engine.sheet` writes it anew, to be read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine.graph.graph import Graph
from engine.ops.op import OPS, Op
from engine.passes.run import run
from engine.passes.trace import ContributionStep, Trace
from engine.show.reasons import why, why_computed
from engine.show.wording import WORDINGS
from engine.truth.unfinished import find_problems
from engine.values.values import Value, shape_text, value_text
from tests.building import Row, graph_of
from tests.engine.probing import accepted_shapes, computed, usual, values

SHEET = Path(__file__).parent / "show" / "sheet"
FIRST_LINE = "Every sentence of these operations, to be read whole. Written anew by `python -m tests.engine.sheet`."
NAMES = ("u", "v", "w2", "k", "m", "q")  # no op calls a port of its own so
NODE = "h"

# Settings that say more than the default does.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "leaky_relu": [{"slope": 0.0}, {"slope": 1.0}, {"slope": -0.5}, {"slope": 2.0}],
    "elu": [{"alpha": 0.0}, {"alpha": -0.5}, {"alpha": 2.0}],
    "squared_error": [{"half": False}],
    "sum": [{"axis": -1}, {"axis": 0}, {"axis": "all"}],
    "mean": [{"axis": -1}, {"axis": 0}, {"axis": "all"}],
    "amax": [{"axis": 0}],
    "var": [{"axis": -1, "ddof": 1}],
    "std": [{"axis": (0, 1)}],
    "norm": [{"axis": -1}],
    "clip": [{"low": None}, {"low": -1.0, "high": None}],
    "vecdot": [{"axis": 0}],
    "softmax": [{"axis": 0}],
    "log_softmax": [{"axis": "all"}],
    "index": [{"at": ":, 1"}, {"at": "..., newaxis"}, {"at": "[0, 0]"}],
    "transpose": [{"axes": "last"}, {"axes": (1, 0)}],
    "squeeze": [{"axis": 0}],
    "concat": [{"axis": -1}],
    "stack": [{"axis": -1}],
}

_LOGITS = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]]
CLASSES: dict[str, dict[str, list[Any]]] = {
    "cross_entropy": {
        "a class id": [_LOGITS[0], 1.0],
        "class ids": [_LOGITS, [0.0, 2.0]],
        "one-hot": [_LOGITS[0], [0.0, 1.0, 0.0]],
        "one-hot rows": [_LOGITS, [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]],
    },
    "one_hot": {
        "class ids": [[0.0, 2.0], _LOGITS],
        "one-hot rows": [[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]], _LOGITS],
    },
    "amax": {"a tie": [[2.0, 1.0, 2.0]]},
    "amin": {"a tie": [[2.0, 1.0, 1.0]]},
    "prod": {"one zero": [[2.0, 0.0, 3.0]], "two zeros": [[0.0, 0.0, 3.0]]},
    "std": {"equal elements": [[2.0, 2.0]]},
    "norm": {"zeros": [[0.0, 0.0]]},
    "dot": {"matrices": [_LOGITS, [[1.0], [2.0], [3.0]]], "a number": [2.0, [1.0, 2.0]]},
    "squeeze": {"a row": [[[1.0, 2.0]]]},
}

NUMBERS: dict[str, tuple[float, ...]] = {
    "positive": (3.0, 2.0, 1.5),
    "a fraction": (0.7, 0.2, 0.4),
    "negative": (-3.0, -2.0, -1.5),
    "of both signs": (3.0, -2.0, 1.5),
    "zero": (0.0, 0.0, 0.0),
    "zero first": (0.0, 2.0, -1.0),
    "zero second": (2.0, 0.0, 1.0),
    "one": (1.0, 1.0, 1.0),
    "one and minus one": (1.0, -1.0, 1.0),
    "equal": (2.0, 2.0, 2.0),
    "at a margin": (0.5, 2.0, 1.0),
    "far out": (20.0, -30.0, 5.0),
    "tiny": (1e-9, 1e-12, 1e-7),
    "too large": (1e300, 1e300, 1e300),
    "nan first": (np.nan, 2.0, 1.0),
    "nan second": (2.0, np.nan, 1.0),
    "infinite": (np.inf, 2.0, 1.0),
}


class Case(NamedTuple):
    """A graph round one op, whose sentences are read: the node `h`."""

    title: str
    graph: Graph


def cases(op: Op) -> Iterator[Case]:
    """All that is asked of an op."""
    shapes = list(accepted_shapes(op))
    takes_numbers = ((),) * op.fewest in shapes
    for settings in ({}, *VARIANTS.get(op.name, [])):
        said = "".join(f", {name} {value}" for name, value in settings.items())
        if takes_numbers and computed(op, [np.float64(3.0)] * op.fewest, settings) is not None:
            for title, given in NUMBERS.items():
                yield Case(title + said, _plain(op, [np.float64(given[i % 3]) for i in range(op.fewest)], settings))
        for title, chosen in _tensors(op, shapes):
            if computed(op, values(op, chosen), settings) is None:
                continue
            yield Case(title + said, _plain(op, [np.round(x, 1) for x in values(op, chosen)], settings))
    yield from _tensor_corners(op, shapes)
    for title, inputs in CLASSES.get(op.name, {}).items():
        yield Case(title, _plain(op, [np.float64(x) for x in inputs], {}))
    yield from _fan_out(op, takes_numbers, shapes)
    if op.repeats and takes_numbers:
        yield Case("three inputs", _plain(op, [np.float64(x) for x in (3, 2, -1.5)], {}))


def _plain(op: Op, given: list[Value], settings: dict[str, Any]) -> Graph:
    leaves: list[Row] = [(name, "parameter", value) for name, value in zip(NAMES, given, strict=False)]
    chosen = {NODE: usual(op, len(given)) | settings}
    return graph_of(*leaves, (NODE, op.name, [row[0] for row in leaves]), target=NODE, settings=chosen)


def _tensors(op: Op, shapes: list[tuple[Any, ...]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Shapes of a vector, a matrix, a batch, and of broadcasting."""
    alike = [s for s in shapes if len(set(s)) == 1 and s[0] in ((3,), (2, 3), (4, 2, 3))]
    other = [s for s in shapes if s not in alike and (len(set(s)) > 1 or not alike)]
    wanted = [((2, 3), (3,)), ((2, 3), (2, 1)), ((), (2, 3)), ((2, 3), ()), ((3,), (1, 3))]
    broadcast = [s for s in wanted if s in shapes]
    rest = [] if broadcast or (alike and not other) else other[:: max(1, len(other) // 4)][:4]
    for chosen in (*alike, *broadcast, *rest):
        yield "shapes " + " ".join(map(shape_text, chosen)), chosen


def _tensor_corners(op: Op, shapes: list[tuple[Any, ...]]) -> Iterator[Case]:
    if op.kink and ((4, 2, 3),) * op.fewest in shapes:
        corners = [[0.0, 2.0, -2.0, 1.0], [0.0, 0.5, 1.0, 1.0], [0.0, 1.0, 2.0, 1.0]][: op.fewest]
        yield Case("a tensor with elements at a kink", _plain(op, [np.array(x) for x in corners], {}))
    if (3,) in {s[0] for s in shapes} and ((3,),) * op.fewest in shapes:
        bad = [np.array([np.nan, 2.0, -1.0]), *(np.array([1.0, 0.0, 0.5]) for _ in range(op.fewest - 1))]
        yield Case("a tensor with a nan", _plain(op, bad, {}))
    if op.trouble and ((3,),) * op.fewest in shapes:
        trouble = op.troubles[0].example
        yield Case("a tensor in trouble", _plain(op, [np.array([x, 0.5, 0.5]) for x in trouble], {}))


def _fan_out(op: Op, takes_numbers: bool, shapes: list[tuple[Any, ...]]) -> Iterator[Case]:
    alike = [s for s in shapes if len(set(s)) == 1]
    if not alike:
        return
    value = np.float64(3.0) if takes_numbers else np.round(values(op, alike[-1])[0], 1)
    x, middle = ("u", "parameter", value), ("mid", "square", ["u"])
    if op.fewest == 2:
        yield Case("the same in both ports", graph_of(x, (NODE, op.name, ["u", "u"]), target=NODE))
        yield Case("directly and through another", graph_of(x, middle, (NODE, op.name, ["u", "mid"]), target=NODE))
        yield Case("through another and directly", graph_of(x, middle, (NODE, op.name, ["mid", "u"]), target=NODE))
    v = ("v", "parameter", value + 1)
    own = {NODE: usual(op, op.fewest)}
    out = (NODE, op.name, ["u", "v"][: op.fewest])
    loss = ("total", "sum", [NODE])
    rows = [x, *([v] if op.fewest == 2 else []), out, loss, ("more", "sum", ["u"]), ("f", "add", ["total", "more"])]
    if op.fewest <= 2:
        yield Case("used elsewhere too, with a seed of −2", graph_of(*rows, target="f", seed=-2.0, settings=own))


def steps(trace: Trace) -> Iterator[ContributionStep]:
    """The contributions that the op of a case sends."""
    return (step for step in trace.contributions if step.edge.dest == NODE)


def lines(op: Op, noted: set[str]) -> Iterator[str]:
    """What an op says: its own words, and each sentence in the case where it comes first, not again with other numbers.

    `noted` are the sentences that are the same for every op: once in a sheet is enough.
    """
    yield f"== {op.title} ({op.name})"
    yield f"   {op.tooltip}"
    known: set[str] = set()
    for title, graph in cases(op):
        trace = run(graph)
        if not trace.inputs(NODE):
            continue
        new = [text for text in _said(graph, trace) if _is_new(text, known, noted)]
        if new:
            given = ", ".join(value_text(x) for x in trace.inputs(NODE))
            yield f"-- {title}: {given} → {value_text(trace.value(NODE))}"
            yield from (f"   {text}" for text in new)


def _is_new(text: str, known: set[str], noted: set[str]) -> bool:
    """Whether a sentence, or a note that follows it, has not been read yet; it has then."""
    first, *notes = _NOTE.split(_pattern(text))
    pairs = [(first, noted if _OF_ALL.search(first) else known), *((note, noted) for note in notes)]
    new = [pattern not in read for pattern, read in pairs]
    for pattern, read in pairs:
        read.add(pattern)
    return any(new)


_NOTE = re.compile(r" (?=By broadcasting|This is |This happens in|\w+ has no slope where|\d+ of the \d+ numbers? that)")
_OF_ALL = re.compile(r"goes back|reached \w+ is |^! \w+ holds")


def _said(graph: Graph, trace: Trace) -> Iterator[str]:
    """Every sentence of a case."""
    yield why_computed(graph, trace, next(s for s in trace.forward_steps if s.node == NODE))
    for step in steps(trace):
        sent = f"{value_text(step.upstream)} → {value_text(step.contribution)}"
        yield from (
            f"{step.edge.source} {step.edge.port} [{sent}] {why(graph, trace, step, wording)}" for wording in WORDINGS
        )
    for problem in find_problems(graph, trace):
        if problem.kind.startswith("non-finite"):
            yield f"! {problem.sentence} {problem.remedy}"


_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e−?\d+)?")
_NAME = re.compile(rf"\b({'|'.join((*NAMES, 'mid'))})\b")


def _pattern(text: str) -> str:
    """A sentence without its names and numbers, but for 0 and 1 in words, which are often said in other words."""
    bare = _NAME.sub("name", re.sub(r"^\w+ (\d) \[.*? → .*?\] (?=\w)", r"\1", text))
    kept = () if "=" in bare or "≈" in bare else ("0", "1")
    return _NUMBER.sub(lambda number: number[0] if number[0] in kept else "#", bare)


def sheets() -> dict[str, str]:
    """Each sheet by its file name: one for a group of ops."""
    groups: dict[str, list[Op]] = {}
    for op in OPS.values():
        if not op.is_leaf:
            groups.setdefault(op.group, []).append(op)
    return {f"{group}.txt": _sheet(ops) for group, ops in groups.items()}


def _sheet(ops: list[Op]) -> str:
    noted: set[str] = set()
    return "\n".join([FIRST_LINE, *(line for op in ops for line in ("", *lines(op, noted)))]) + "\n"


def write() -> None:
    SHEET.mkdir(exist_ok=True)
    for name, text in sheets().items():
        (SHEET / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
