"""What must hold of any graph that was let in, and of any refusal: the oracle that the fuzzers share."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import numpy as np

from engine.errors import GradloomError
from engine.export import EXPORTS, export_graph
from engine.files.codec import decode, encode
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep
from engine.session import Session
from engine.show.equation import Equation, equations_of, running_sum
from engine.show.explain import explain
from engine.show.frame import frame_at
from engine.show.terms import Expression, Number, Sum
from engine.show.wording import WORDINGS
from tests.attack.attack import Broken

LONGEST_SENTENCE = 600  # characters
ODD_WORDS = re.compile(r"Traceback|object at 0x|NoneType|<class '|msgspec|Errno \d")
LARGE = 1e100  # beyond it products overflow, and two sides may differ by what is lost


def strict() -> None:
    """A warning would stand on somebody's terminal: here it is a failure."""
    warnings.simplefilter("error")


def refusal(error: GradloomError) -> None:
    """A refusal is one clean sentence that can be shown anywhere."""
    said = str(error)
    if "\n" in said or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in said):
        raise Broken("a refusal holds line ends or control characters") from error
    if len(said) > LONGEST_SENTENCE:
        raise Broken("a refusal is too long") from error
    if not error.sentence.strip():
        raise Broken("a refusal says nothing") from error
    if ODD_WORDS.search(said):
        raise Broken("a refusal speaks of Python") from error
    try:
        said.encode()
    except UnicodeEncodeError:
        raise Broken("a refusal cannot be written in UTF-8") from error


def points_into(error: GradloomError, record: Any) -> None:
    """A place such as `$.edges[3].to` is in the record, but for its last part, which may be missing there; of a place
    that is told short, with “…” in it, or without what cannot be shown, with “�”, what stands before that."""
    where = re.split("[…\N{REPLACEMENT CHARACTER}]", error.where.partition(".settings")[0])[0]
    if not where.startswith("$"):
        return
    steps = re.findall(r'\[(\d+)\]|\.([^.\[\]]+)|\["(.*?)"\]', where)
    parts = [int(index) if index else key or quoted for index, key, quoted in steps]
    at = record
    for i, part in enumerate(parts):
        try:
            at = at[part]
        except (KeyError, IndexError, TypeError):
            if i < len(parts) - 1:
                raise Broken("the place of a refusal is not in the file") from error
            return


def same(ours: Graph, theirs: Graph) -> bool:
    """Equal to the bit, in the same order, facts too. What a file says of an unknown op only its text compares."""
    if list(ours.nodes) != list(theirs.nodes) or ours.ordered_edges() != theirs.ordered_edges():
        return False
    known = (id for id, node in ours.nodes.items() if node.raw is None)
    return all(ours.nodes[id] == theirs.nodes[id] for id in known) and encode(ours) == encode(theirs)


def round_trip(graph: Graph) -> None:
    """What is saved opens, and is the same."""
    text = encode(graph)
    try:
        again = decode(text)
    except GradloomError as error:
        raise Broken("a file is saved that does not open") from error
    if not same(graph, again):
        raise Broken("a file opens as another graph than was saved")


def lives(graph: Graph, random: Random, exports: float = 0.1) -> Session:
    """A graph runs, is shown, explained and exported, and its equations are true. Gives its session."""
    session = Session(graph)
    trace, length = session.now.trace, len(session.now.trace)
    for position in (0.0, length / 2 + 0.25, random.uniform(0, length), float(length)):
        _shown(session, position)
    for problem in session.now.problems:
        _sentence(problem.sentence)
    for step in random.sample(trace.steps, min(3, length)):
        explained = explain(graph, trace, step, random.choice(WORDINGS))
        _sentence(explained.caption)
        if random.random() < exports:
            _ = explained.formula, explained.typeset
        for equation in _equations(graph, session, step):
            true(equation)
    if random.random() < exports:
        exported(graph, random)
    return session


def _shown(session: Session, position: float) -> None:
    session.player.seek(position)
    frame = frame_at(session.now.trace, position)
    _ = frame.pulses, frame.merge, frame.sweeping
    for id in session.now.graph.nodes:
        frame.value(id), frame.gradient(id)


def _equations(graph: Graph, session: Session, step: Any) -> Iterator[Equation]:
    trace = session.now.trace
    yield from equations_of(graph, trace, step)
    so_far = running_sum(graph, trace, step) if isinstance(step, ContributionStep) else None
    if so_far is not None:
        yield so_far


def true(equation: Equation) -> None:
    """Both sides are equal, and it can be printed."""
    with np.errstate(all="ignore"):
        left, right = equation.sides()
    _ = equation.text
    numbers = np.concatenate([np.ravel(side) for side in (left, right, equation.number)])
    if (
        numbers.size
        and np.isfinite(numbers).all()
        and np.max(np.abs(numbers)) < LARGE
        and not _close(left, right, _summed(equation))
    ):
        raise Broken("an equation is not true") from ValueError(f"{equation.text}: {left!r} and {right!r}")


def _summed(equation: Equation) -> list[Any]:
    """What is added up: where it cancels, what is left of it is noise, and is read as 0."""
    sides = (equation.left, equation.right)
    products = [side for side in sides if isinstance(side, Expression) and "matmul" in side.source]
    return [
        *(term.evaluate() for side in sides if isinstance(side, Sum) for term in side.terms),
        *(_without_signs(product).evaluate() for product in products),
    ]


def _without_signs(product: Expression) -> Expression:
    """The same product of matrices, of which nothing cancels."""
    return Expression(product.source, {name: Number(np.abs(part.evaluate())) for name, part in product.parts.items()})


def _close(a: Any, b: Any, summed: Sequence[Any] = ()) -> bool:
    largest = max(float(np.max(np.abs(x), initial=0.0)) for x in (a, b, *summed))
    try:
        return bool(np.allclose(a, b, rtol=1e-7, atol=1e-7 * max(largest, 1e-3)))
    except ValueError:  # their shapes do not fit
        return False


def exported(graph: Graph, random: Random) -> None:
    """One of the exports writes it, or refuses."""
    name = random.choice(list(EXPORTS))
    try:
        export_graph(graph, name)
    except GradloomError as error:
        refusal(error)


def _sentence(text: str) -> None:
    if not text.strip() or "\n" in text:
        raise Broken("an empty or broken sentence is shown") from ValueError(repr(text)[:500])
    if ODD_WORDS.search(text):
        raise Broken("a sentence speaks of Python") from ValueError(text[:500])
