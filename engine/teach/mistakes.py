"""The classic mistakes, each declared once: what it is called, what is said to who made it, and what number it makes.

A mistake tells how it goes wrong in a value, in a local derivative, in a contribution, or in a sum of contributions;
one in a local derivative goes on into the contribution, and one in the last contribution into the sum. What it makes is
a text like those of the ops, over the numbers of the step that `numbers_of` names: the program computes it, and a web
page does too, whatever numbers are there. Which texts it has depends on ops, ports and shapes, and on no number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.passes.trace import ForwardStep
from engine.teach.question import Question
from engine.teach.sent_again import SentAgain

Slip = tuple[str, str]  # the text of the wrong number, and what the sentence names as {detail}
InLocal = Callable[[SentAgain], Iterator[Slip]]
InSum = Callable[["Arrived"], Iterator[Slip]]
InValue = Callable[[Question, ForwardStep], Iterator[Slip]]


@dataclass(frozen=True)
class Arrived:
    """What has come together at a node: the names of who sent part0, part1 …"""

    senders: tuple[str, ...]


@dataclass(frozen=True)
class Mistake:
    """`says` may name {answer}, {node}, {source}, {upstream}, {own}, {seed}, {detail}."""

    title: str
    says: str
    in_value: InValue | None = None
    in_local: InLocal | None = None
    in_contribution: InLocal | None = None
    in_sum: InSum | None = None


MISTAKES: dict[str, Mistake] = {}


def _declare(name: str, title: str, says: str, **how: Callable[..., Iterator[Slip]]) -> None:
    MISTAKES[name] = Mistake(title, says, **how)


# --- one operand for another


def _own_operand(sending: SentAgain) -> Iterator[Slip]:
    if sending.task.op.name == "mul":
        yield "x", ""
    if sending.task.op.name == "div":
        yield "1 / in0", ""


_declare(
    "own operand", "Own operand instead of the other",
    "It looks as if {source} was scaled by its own {own}. How fast {node} moves with {source} depends "
    "on the other operand.",
    in_local=_own_operand,
)  # fmt: skip


# --- links of the chain left out


def _local_alone(sending: SentAgain) -> Iterator[Slip]:
    yield sending.sent_text("g ** 0"), ""


_declare(
    "no upstream", "Upstream gradient forgotten",
    "It fits the local derivative on its own. That still has to be multiplied by what reached {node}: {upstream}.",
    in_contribution=_local_alone,
)  # fmt: skip


def _passed_on(sending: SentAgain) -> Iterator[Slip]:
    if not sending.task.op.gate and sending.step.local is not None:
        yield "back(g)", ""


def _not_applied(question: Question, step: ForwardStep) -> Iterator[Slip]:
    if len(step.inputs) == 1 and not question.graph.nodes[step.node].op.gate:
        yield "in0", ""


_declare(
    "stopped early", "Chain stopped early",
    "It fits what reached {node}, passed on unchanged: the step through {node} itself is missing.",
    in_contribution=_passed_on, in_value=_not_applied,
)  # fmt: skip


def _local_too_far(sending: SentAgain) -> Iterator[Slip]:
    yield "sent", ""


_declare(
    "too far", "Multiplied by the upstream gradient already",
    "It fits the whole contribution. The local derivative is only how fast {node} moves with {source}.",
    in_local=_local_too_far,
)  # fmt: skip


def _without_seed(sending: SentAgain) -> Iterator[Slip]:
    if sending.seed not in (0.0, 1.0):
        yield "sent / seed", ""


_declare(
    "no seed", "Seed forgotten",
    "The pass began with {seed}, not with 1: everything that comes back is {seed} times as large.",
    in_contribution=_without_seed,
)  # fmt: skip


# --- signs and gates


def _other_sign(sending: SentAgain) -> Iterator[Slip]:
    yield "-sent", ""


def _other_local_sign(sending: SentAgain) -> Iterator[Slip]:
    if sending.step.local is not None:
        yield "-local", ""


def _other_value_sign(question: Question, step: ForwardStep) -> Iterator[Slip]:
    yield "-y", ""


_declare(
    "sign", "Sign",
    "The size is right, but the sign is not. Ask yourself which way {node} moves when {source} grows.",
    in_local=_other_local_sign, in_contribution=_other_sign, in_value=_other_value_sign,
)  # fmt: skip


def _open_gate(sending: SentAgain) -> Iterator[Slip]:
    if sending.task.op.gate:
        yield "x ** 0", ""


def _open_gate_value(question: Question, step: ForwardStep) -> Iterator[Slip]:
    if question.graph.nodes[step.node].op.gate:
        yield "in0", ""


_declare(
    "gate", "Gate ignored",
    "That would be right if {node} were open. Look at what goes into it, {own}: is the gate open there?",
    in_local=_open_gate, in_value=_open_gate_value,
)  # fmt: skip


# --- at the wrong place


def _at_output(sending: SentAgain) -> Iterator[Slip]:
    """∂y/∂x at y in place of x; and a rule over y, such as y(1 − y), with x put in for y."""
    task = sending.task
    if len(sending.inputs) != 1 or not task.op.local or sending.x.shape != sending.y.shape or task.op.gate:
        return
    for x, y in (("y", sending.value_text("y")), ("in0", "in0")):
        yield sending.local_text(x, y), ""


_declare(
    "wrong place", "Derivative at the output instead of the input",
    "The slope was taken at the wrong number: it belongs to what goes into {node}, {own}, not to what comes out.",
    in_local=_at_output,
)  # fmt: skip


def _transposed(sending: SentAgain) -> Iterator[Slip]:
    task, port = sending.task, sending.step.edge.port
    if task.op.name not in ("matmul", "linear", "transpose"):
        return
    if sending.step.contribution.ndim >= 2:
        yield "swap(sent)", ""
    if task.op.name == "transpose" or port > 1 or min(x.ndim for x in sending.inputs[:2]) < 2:
        return
    try:
        sending.broken("no transpose")
    except ValueError:  # the shapes refuse
        return
    other = "in1" if task.op.name == "matmul" else "swap(in1)"
    wide = "matmul(in0, g)" if task.op.name == "matmul" else "swap(matmul(in0, g))"
    yield (f"back(matmul(g, {other}))" if port == 0 else f"back({wide})"), ""


def _transposed_value(question: Question, step: ForwardStep) -> Iterator[Slip]:
    op = question.graph.nodes[step.node].op
    if op.name not in ("matmul", "linear", "transpose") or step.value.ndim < 2:
        return
    yield "swap(y)", ""
    if op.name == "matmul" and all(x.ndim == 2 for x in step.inputs):
        (rows, inner), (_, columns) = (x.shape for x in step.inputs)
        for fits, text in (
            (inner == columns, "matmul(in0, swap(in1))"),
            (rows == inner, "matmul(swap(in0), in1)"),
            (rows == columns, "matmul(in1, in0)"),
        ):
            if fits:
                yield text, ""


_declare(
    "transposed", "Transposed",
    "Rows and columns are swapped: check which of the two matrices is transposed, and which index the sum runs over.",
    in_contribution=_transposed, in_value=_transposed_value,
)  # fmt: skip


# --- sums


def _mean_of_copies(sending: SentAgain) -> Iterator[Slip]:
    if sending.summed > 1:
        yield f"sent / {sending.summed}", ""


def _mean_of_paths(arrived: Arrived) -> Iterator[Slip]:
    yield f"total / {len(arrived.senders)}", ""


def _mean_value(question: Question, step: ForwardStep) -> Iterator[Slip]:
    op = question.graph.nodes[step.node].op
    count = step.inputs[0].size // max(step.value.size, 1) if op.name == "sum" else 1
    count = len(step.inputs) if op.name == "add" else count
    if count > 1:
        yield f"y / {count}", ""


_declare(
    "mean", "Mean for sum",
    "It fits a mean. But what comes together is added up, and not divided by how many there are.",
    in_contribution=_mean_of_copies, in_sum=_mean_of_paths, in_value=_mean_value,
)  # fmt: skip


def _sum_back(sending: SentAgain) -> Iterator[Slip]:
    if sending.averaged > 1:
        yield f"sent * {sending.averaged}", ""


def _sum_value(question: Question, step: ForwardStep) -> Iterator[Slip]:
    op = question.graph.nodes[step.node].op
    if op.name == "mean" and step.inputs[0].size > step.value.size > 0:
        yield f"y * {step.inputs[0].size // step.value.size}", ""


_declare(
    "sum", "Sum for mean",
    "{node} takes a mean: each of its numbers counts only for its share.",
    in_contribution=_sum_back, in_value=_sum_value,
)  # fmt: skip


def _last_alone(arrived: Arrived) -> Iterator[Slip]:
    yield f"part{len(arrived.senders) - 1}", arrived.senders[-1]


_declare(
    "overwritten", "Overwritten instead of added",
    "{answer} is what {detail} sends, not all that {source} gets. It looks as if the new one replaced the old one: "
    "= where += belongs.",
    in_sum=_last_alone,
)  # fmt: skip


def _one_left_out(arrived: Arrived) -> Iterator[Slip]:
    for number, sender in enumerate(arrived.senders):
        yield f"total - part{number}", sender


_declare(
    "path", "A path forgotten",
    "The way through {detail} is missing. Everything that {source} feeds sends a contribution, and they add up.",
    in_sum=_one_left_out,
)  # fmt: skip
