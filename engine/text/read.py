"""Text → graph: `q = x + y; f = q * z`, and programs of micrograd, NumPy, PyTorch and JAX. Nothing is executed.

A number, a list or an array that is given to a name is an input; inside an expression it is a constant; `parameter(3)`,
`nn.Parameter(…)` and `requires_grad=True` make parameters. A name assigned again is a new node (`g`, `g_2` …); one that
is never assigned is an input, still without a value. Everything means what it means in NumPy, or in PyTorch where the
text speaks of that. `.backward()` chooses the target, else it is what is computed last; a last line `None` says that
there is none. Functions, loops and comprehensions are laid out. Left aside, because they change no value: imports,
print, assert, seeds, optimisers. What is not understood is refused with its line and column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from engine.errors import TextError
from engine.graph.graph import Graph
from engine.graph.sound import crowd_flaw, flaw_of
from engine.layout.layout import laid_out
from engine.text import words as _declared  # noqa: F401 - importing it fills the table of words
from engine.text.exported import is_exported, read_export
from engine.text.expressions import evaluated
from engine.text.grammar import Source
from engine.text.grouped import with_groups
from engine.text.numbers import value_of
from engine.text.outputs_there import OutputsThere
from engine.text.state import ReadingState
from engine.text.statements import perform, perform_program
from engine.text.things import Blueprint, Defined, Ref

NONE_THERE: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Reader:
    """What was read: the graph, and a sentence on each thing that was understood in a way worth telling."""

    graph: Graph
    remarks: tuple[str, ...]


def parse(text: str) -> Graph:
    """The graph that a program or an expression describes, laid out. Raises TextError with line and column."""
    return read(text).graph


def read(text: str, there: Mapping[str, Sequence[str]] = NONE_THERE) -> Reader:
    """As `parse`, with what there is to tell. `there`: what each node with several outputs may be called that is in the
    open graph, with their names; `data.features` is an input then that is labelled so. Raises TextError with line and
    column."""
    try:
        source = Source(text)
        reading = ReadingState(source, evaluated, perform)
        reading.there = OutputsThere(there)
        begin = read_export if is_exported(source.statements) else perform_program
        begin(reading, source.statements)
        finished = _finished(reading)
        if crowd := crowd_flaw(len(finished.nodes), len(finished.edges)):
            raise TextError(crowd.sentence, crowd.ids)  # to lay them out would take long
        graph = with_groups(laid_out(finished), text)
    except RecursionError:
        raise TextError("this text is nested too deeply: give its parts names") from None
    except MemoryError:
        raise TextError("this machine has no memory left for the arrays of this text") from None
    if flaw := flaw_of(graph):
        raise TextError(flaw.sentence, flaw.ids)
    return Reader(graph, tuple(reading.remarks))


def _finished(reading: ReadingState) -> Graph:
    if reading.beside is not None and not reading.chosen:
        reading.operand(reading.beside[1], reading.beside[0])
    _keep_number(reading)
    if not reading.made.nodes and not reading.may_be_empty:
        raise TextError(_nothing_made(reading))
    _unfold(reading)
    _leave_out(reading)
    return reading.made.graph(reading.target, reading.seed)


def _keep_number(reading: ReadingState) -> None:
    """A text that only reckons with plain numbers ends with one: it is the target where nothing else is computed."""
    before = reading.made.nodes.get(reading.target or "")
    if reading.number is not None and not reading.chosen and (before is None or before.op.is_leaf):
        name, number = reading.number
        reading.target = reading.made.leaf("input", value_of(number), name).node


def _nothing_made(reading: ReadingState) -> str:
    functions = [name for name, thing in reading.globals.names.items() if isinstance(thing, (Defined, Blueprint))]
    if functions:
        return f"“{functions[0]}” is defined here, but never called: add a line such as y = {functions[0]}(x)"
    return "there is nothing to make a graph of yet: write an expression such as (x + y) * z"


def _unfold(reading: ReadingState) -> None:
    """A target that is nothing but arithmetic of numbers is drawn as such: f = 2 * 3."""
    target = reading.target
    if target in reading.folded and not reading.made.is_used(target):
        reading.made.forget(target)
        tree = reading.folded[target]
        made: Ref = reading.operand(reading.value(tree), tree, target)
        reading.target = made.node


def _leave_out(reading: ReadingState) -> None:
    """Names that were only asked for their number, `n = 3` for range(n), are no part of the graph."""
    before = -1
    while before != len(reading.made.nodes):
        before = len(reading.made.nodes)
        for id in reversed(list(reading.made.nodes)):
            if id in reading.as_number and id != reading.target and not reading.made.is_used(id):
                reading.made.forget(id)
