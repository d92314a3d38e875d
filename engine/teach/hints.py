"""Three hints, each saying more than the one before: what the rule is, in this graph's names, in its numbers."""

from __future__ import annotations

from engine.passes.trace import ContributionStep, ForwardStep
from engine.show.equation import Equation, equations_of
from engine.show.wording import Wording, worded
from engine.teach.question import Question
from engine.values.values import number_text

LEVELS = 3
_RULES = {
    "value": "A node computes its value from what comes in on the left, and from nothing else.",
    "seed": "A gradient says how fast the target changes. How fast does the target change with itself? Times the seed.",
    "local": "A local derivative is how fast the output of one node moves with one of its inputs, while the others "
    "are held still.",
    "contribution": "contribution = upstream gradient × local derivative: what has reached the node, times how fast "
    "the node moves with this input.",
    "gradient": "A gradient is the sum of all contributions: one for every edge that leaves the node.",
}
_OF_SHAPE = "A gradient has the shape of the value that it belongs to."
_OF_SILENT = "An edge carries nothing where its contribution is 0: where the node does not move with that input."


def hint(question: Question, level: int, wording: Wording = "gradient") -> str:
    """A hint: 1 the rule, 2 in symbols, 3 with the numbers put in. The answer itself is in none of them."""
    if level <= 1 or question.ask in ("shape", "silent"):
        rule = {"shape": _OF_SHAPE, "silent": _OF_SILENT}.get(question.ask, _RULES[question.of])
        return worded(rule if level <= 1 else _nearer(question, level), wording)
    said = _in_symbols(question) if level == 2 else _before_result(_equation(question))
    return f"{' = '.join([*said, '?'])}"


def _nearer(question: Question, level: int) -> str:
    step, names = question.told, question.names
    if question.ask == "silent" and isinstance(step, ContributionStep):
        node, op = names.node(step.edge.dest), names.graph.nodes[step.edge.dest].op
        if level == 2:
            return f"Look at what goes into {node}: which of its inputs could grow a little without moving {node}?"
        return f"{op.title}: {op.tooltip}"
    if isinstance(step, ForwardStep):
        shapes = " and ".join(str(x.shape) for x in step.inputs)
        return f"What comes in has the shapes {shapes}."
    source = names.node(step.edge.source) if isinstance(step, ContributionStep) else names.node(question.node)
    return f"Look at the value of {source}: which shape has that?"


def _in_symbols(question: Question) -> list[str]:
    """The equation without its numbers; of a sum, what is there already and what is still to come."""
    step = question.told
    if question.of == "gradient" and isinstance(step, ContributionStep) and step.before is not None:
        left = _before_result(_equation(question))[:1]
        equations = equations_of(question.graph, question.trace, step)
        sent = next(each for each in equations if each.kind == "contribution")
        symbols = (_before_result(sent) or ["what comes now"])[0]
        so_far = "what has arrived" if step.before.ndim else number_text(float(step.before))
        return [*left, f"{so_far} + {symbols}"]
    sides = _before_result(_equation(question))
    return sides[: max(len(sides) - 1, 1)]


def _before_result(equation: Equation) -> list[str]:
    """What is equal, from left to right, up to the result."""
    sides = equation.text.partition(", where ")[0].partition(", element")[0].split(" = ")
    return [side for side in sides if side != sides[-1]]


def _equation(question: Question) -> Equation:
    equations = equations_of(question.graph, question.trace, question.told)
    kinds = {"local": ("local",), "contribution": ("contribution",), "gradient": ("gradient", "contribution")}
    wanted = kinds.get(question.of, ())
    return next((each for kind in wanted for each in equations if each.kind == kind), equations[0])
