"""A step in one sentence, in symbols and in numbers, in either wording: gradient or responsibility.

What has signs in it comes from the step's equations; it is written down when it is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, DropStep, ForwardStep, SeedStep, Step, Trace, UpdateStep
from engine.show.equation import Equation, equations_of, running_sum
from engine.show.names import Names
from engine.show.notation import tex_text
from engine.show.readable import read_step, readable
from engine.show.reasons import why, why_computed
from engine.show.terms import MOST_PLAIN, shape_words
from engine.show.turning import drop_sentence, heading_of, why_so, why_turned
from engine.show.wording import Wording, worded
from engine.values.values import Value, is_finite, number_text, told_apart, value_text

Part = tuple[str, str, float | None]


@dataclass(frozen=True, eq=False)
class Explanation:
    """What is said about a step.

    `heading`: what happens, in a few words. `why`: the reason, in words. `parts`: the chips to draw, (caption, text,
    signed number or None): upstream, local derivative, contribution. `equations`: all that the step says in signs;
    `shown` is the one to typeset, and `lines` are those to write out in plain text, with what is said behind each.
    """

    heading: str
    why: str
    equations: tuple[Equation, ...]
    shown: Equation
    lines: tuple[tuple[Equation, str], ...]
    tell: Callable[[], str]
    parts: tuple[Part, ...] = ()
    place: str = ""  # in which folded groups it happens, where that is not seen: `in Neuron 1`

    @cached_property
    def caption(self) -> str:
        """One or two whole sentences with the numbers."""
        return self.tell()

    @property
    def formula(self) -> str:
        """LaTeX, in symbols."""
        return self.shown.latex

    @cached_property
    def typeset(self) -> tuple[tuple[str, ...], ...]:
        """In LaTeX what is equal, equation by equation: the local derivative first, then what `lines` say in symbols,
        with the numbers put in, and as a result."""
        told = [_sides(equation, said) for equation, said in self.lines]
        local = [_sides(equation, "") for equation in self.equations if equation.kind == "local"]
        return (*(sides for sides in local if all(sides[0] != other[0] for other in told)), *told)

    @cached_property
    def numbers(self) -> str:
        """One line of plain text: the same in numbers, which of several contributions it is, and their sum."""
        return ";  ".join(f"{equation.text}{said}" for equation, said in self.lines)


def explain(graph: Graph, trace: Trace, step: Step, wording: Wording = "gradient") -> Explanation:
    """Explain one step of a trace of `graph`; of what is folded away it is said where it is."""
    said, place = _explained(graph, trace, step, wording), where(graph, step)
    if not place:
        return said
    begin = f"{place[:1].upper()}{place[1:]}: "
    is_all = isinstance(step, ForwardStep) and said.why == said.caption
    return replace(said, tell=lambda: begin + said.tell(), why=begin + said.why if is_all else said.why, place=place)


def where(graph: Graph, step: Step) -> str:
    """In which folded groups a step happens: `in Layer 1 › Neuron 2`; empty where all of it is seen."""
    if not isinstance(step, ContributionStep):
        place = _place(graph, step.node)
        return place and f"in {place}"
    sends, gets = _place(graph, step.edge.dest), _place(graph, step.edge.source)
    if sends == gets:
        return sends and f"in {sends}"
    return " ".join(filter(None, (sends and f"from {sends}", gets and f"into {gets}")))


def _place(graph: Graph, id: str) -> str:
    """The groups that a node is in, from the card as which it is seen on."""
    card, chain = graph.grouping.shown_as(id), graph.grouping.chain(id)
    return "" if card is None else " › ".join(graph.groups[each].name for each in chain[chain.index(card) :])


def _explained(graph: Graph, trace: Trace, step: Step, wording: Wording) -> Explanation:
    equations = equations_of(graph, trace, step)
    trace, step = readable(trace), read_step(trace, step)
    names = Names(graph, trace)
    if isinstance(step, ForwardStep):
        return _forward(names, step, equations, wording)
    if isinstance(step, SeedStep):
        return _seed(names, step, equations, wording)
    if isinstance(step, UpdateStep):
        return _update(names, step, equations, wording)
    if isinstance(step, DropStep):
        return _drop(names, step, equations, wording)
    return _Sent(names, step, equations, wording).explanation()


def _forward(names: Names, step: ForwardStep, equations: tuple[Equation, ...], wording: Wording) -> Explanation:
    op, name = names.graph.nodes[step.node].op, names.value(step.node, step.output)
    equation, value = equations[0], told(step.value)
    lines = ((equation, ""),)
    if op.is_leaf:
        said = f"{name} holds {value}."
        return Explanation(f"{name} is {value}", said, equations, equation, lines, lambda: said)
    reason = worded(why_computed(names.graph, names.trace, step), wording)
    return Explanation(f"{name} is computed", reason, equations, equation, lines, lambda: f"{equation.text}.")


def _seed(names: Names, step: SeedStep, equations: tuple[Equation, ...], wording: Wording) -> Explanation:
    name, equation = names.node(step.node), equations[0]
    seed = number_text(names.seed)
    if names.target_is_goal:
        because = f"{name} changes exactly as much as itself: that is where the first 1 comes from."
    elif names.seed == 1:
        because = f"{names.goal} is the sum of all elements of {name}: it changes exactly as much as each of them."
    else:
        because = f"The seed is set to {seed}: every gradient is {seed} times what it would be with a seed of 1."
    value = names.trace.value(step.node)
    if value is not None and not is_finite(value):
        what = f"{name} is {number_text(float(value))}" if value.ndim == 0 else f"Some of {name} is not finite"
        because = f"{what} here, so nothing can be said of how it changes: the backward pass only applies its rules."
    elif wording == "responsibility":
        because = f"{name} is what we ask about: a responsibility of {seed} goes in here and is handed back."
    parts = (("seed", value_text(step.gradient), _scalar(step.gradient)),)
    return Explanation(
        f"The seed goes into {name}", worded(because, wording), equations, equation, ((equation, ""),),
        lambda: f"The backward pass begins at {name} with a {wording} of {seed}, the seed: {equation.text}.", parts,
    )  # fmt: skip


def _update(names: Names, step: UpdateStep, equations: tuple[Equation, ...], wording: Wording) -> Explanation:
    last, heading = equations[-1], worded(heading_of(names, step), wording)
    lines = tuple((equation, "") for equation in equations)
    before, after = _before_and_after(step)
    parts = (
        ("before", before, None),
        (wording, value_text(step.gradient), _scalar(step.gradient)),
        ("after", after, None),
    )
    return Explanation(
        heading, why_turned(names, step, wording), equations, last, lines, lambda: f"{heading}: {last.text}.", parts
    )


def _before_and_after(step: UpdateStep) -> tuple[str, str]:
    """What a parameter held and holds, with as many digits as it takes to see the difference."""
    if not step.before.ndim:
        return told_apart(float(step.before), float(step.after))
    pairs = [(value_text(step.before, digits), value_text(step.after, digits)) for digits in range(4, 17)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def _drop(names: Names, step: DropStep, equations: tuple[Equation, ...], wording: Wording) -> Explanation:
    lines = tuple((equation, "") for equation in equations)
    parts = (
        ("promised drop", value_text(step.promised), None),
        ("true drop", value_text(np.float64(step.before - step.after)), None),
    )
    heading = f"The promised drop of {names.goal} and the true one"
    said = drop_sentence(names, step, wording)
    return Explanation(heading, why_so(step), equations, equations[-1], lines, lambda: said, parts)


@dataclass(frozen=True)
class _Sent:
    """A contribution under way, and what is said of it."""

    names: Names
    step: ContributionStep
    equations: tuple[Equation, ...]
    wording: Wording

    def explanation(self) -> Explanation:
        graph, trace, step = self.names.graph, self.names.trace, self.step
        node, source = self.names.node(step.edge.dest), self.names.node(step.edge.source)
        gives = "sends a contribution" if self.wording == "gradient" else "hands responsibility back"
        reason = why(graph, trace, step, self.wording)
        return Explanation(
            f"{node} {gives} to {source}",
            reason,
            self.equations,
            self._shown(),
            self._lines(),
            self._told,
            self._parts(),
        )

    @property
    def _sent(self) -> Equation:
        return next(equation for equation in self.equations if equation.kind == "contribution")

    @cached_property
    def _so_far(self) -> Equation | None:
        return running_sum(self.names.graph, self.names.trace, self.step)

    def _shown(self) -> Equation:
        """The whole gradient where it is there, else the contribution."""
        return self.equations[-1]

    def _lines(self) -> tuple[tuple[Equation, str], ...]:
        at, of = self._sent.part
        if of == 1:
            return ((self._shown(), ""),)
        first = (self._sent, f"  ({at} of {of}, more to come)" if at < of else f"  ({at} of {of})")
        if at == of:
            return (first, (self._shown(), ""))
        return (first, (self._so_far, " so far")) if self._so_far else (first,)

    def _told(self) -> str:
        """`p sends 15 back to x: ∂L/∂p · ∂p/∂x = 5 × 3 = 15 (1 of 2, more to come).`"""
        names, (at, of) = self.names, self._sent.part
        source, sent = names.node(self.step.edge.source), told(self.step.contribution)
        start = f"{names.node(self.step.edge.dest)} sends {sent} back to {source}"
        if of == 1:
            return f"{start}: {self._shown().text}."
        text = f"{start}: {self._sent.text} ({at} of {of}"
        if at == of:
            return f"{text}). Together: {self._shown().brief}."
        so_far = f" So far: {self._so_far.brief}." if self._so_far else ""
        return f"{text}, more to come).{so_far}"

    def _parts(self) -> tuple[Part, ...]:
        step = self.step
        local = () if step.local is None else (("local", value_text(step.local), _scalar(step.local)),)
        upstream = ("upstream", value_text(step.upstream), _scalar(step.upstream))
        return (upstream, *local, ("contribution", value_text(step.contribution), _scalar(step.contribution)))


def _sides(equation: Equation, said: str) -> tuple[str, ...]:
    *sides, last = equation.sides_tex()
    behind = rf"\quad {tex_text(said.strip())}" if said else ""
    return (*sides, last + equation.note_tex + behind)


def told(value: Value) -> str:
    """A value within a sentence: a number, a short vector, `a 3×2 matrix`, `5 numbers`."""
    if value.ndim == 0 or (value.ndim == 1 and value.size <= MOST_PLAIN):
        return value_text(value, most=MOST_PLAIN)
    said = shape_words(value.shape)
    article = "an" if said.startswith(("8", "11×", "18×")) else "a"  # an eight by five matrix
    return f"{article} {said}" if value.ndim == 2 else said


def _scalar(value: Value) -> float | None:
    return float(value) if value.ndim == 0 else None
