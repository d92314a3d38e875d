"""What becomes of a task: whether it is done, and what is said to what was typed, chosen, set, built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import GradloomError, TextError
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.passes.run import holding
from engine.teach.answer import Answer, closeness, read_answer
from engine.teach.diagnosis import Judgement
from engine.teach.grading import grade
from engine.teach.lessons.lesson import LessonPassage, LessonTask
from engine.teach.lessons.reckoning import Reckoning, same_sum
from engine.teach.lessons.said import said, sums_in
from engine.teach.question import Question
from engine.values.literal import parse_value
from engine.values.values import MINUS, Value, number_text

MOST_SENTENCES = 3  # of what is still wrong with a graph that was built
PUSH = 0.01  # so little that what the target does is near enough to what the gradient promises
PUSH_SAYS = "Push {name} by {push}: {goal} {does}. If {answer} were the gradient, it would {do}."
DOES, WOULD = (
    ("rises by {by}", "falls by {by}", "does not move"),
    ("rise by about {by}", "fall by about {by}", "not move"),
)
NOISE = 1e-12  # of a rise: what is less comes from rounding
MOST_EPOCHS = 200  # of a solution that trains


@dataclass(frozen=True)
class LessonReply:
    """What is said to a learner: the verdict first."""

    is_right: bool
    sentences: tuple[str, ...]


def reply_to_number(task: LessonTask, typed: str, reckoning: Reckoning) -> LessonReply:
    """To a number that was typed in the panel. Raises ValueError with a sentence where it cannot be read."""
    answer = read_answer(typed)
    right = Answer(number=float(reckoning.number(task.goal)))
    close = closeness(answer, right)
    if close == "right":
        return LessonReply(True, ("Right.", *_told(task.right, reckoning)))
    for wrong, passage in task.when:
        if closeness(answer, Answer(number=float(reckoning.number(wrong)))) == "right":
            return LessonReply(False, (f"{answer.text} is not right.", said(passage, reckoning)))
    if close == "short":
        return LessonReply(
            False, (f"{answer.text} is close. Type at least three significant digits, or a fraction or sum.",)
        )
    return LessonReply(False, (f"{answer.text} is not right. Look again, or take the hint.",))


def told_number(task: LessonTask, reckoning: Reckoning) -> LessonReply:
    """What is said where the number that was asked for is told. Raises TextError."""
    right = number_text(float(reckoning.number(task.goal)))
    if task.right is not None and any(same_sum(text.partition(";")[0], task.goal) for text in sums_in(task.right)):
        return LessonReply(True, _told(task.right, reckoning))
    return LessonReply(True, told_once(f"It is {right}.", right, _told(task.right, reckoning)))


def told_once(verdict: str, right: str, words: Sequence[str]) -> tuple[str, ...]:
    """The verdict, which tells what is right, and the words to it, which may begin with the same."""
    first = words[0] if words else ""
    if first.startswith(f"{right}. "):
        return (verdict, first.removeprefix(f"{right}. "), *words[1:])
    return tuple(words) if first.startswith(right) else (verdict, *words)


def reply_to_choice(task: LessonTask, chosen: int, reckoning: Reckoning) -> LessonReply:
    """To one of several answers."""
    option = task.options[chosen]
    verdict = "Right." if option.is_right else "No."
    more = _told(task.right, reckoning) if option.is_right else ()
    return LessonReply(option.is_right, (verdict, *_told(option.reply, reckoning), *more))


def reply_to_graph(task: LessonTask, begun: Graph, graph: Graph) -> LessonReply:
    """To what was done to the graph: a leaf was set, or a graph was built. Nothing is said of what has not begun."""
    if task.kind == "build" and task.built is not None:
        return _reply_to_built(task, task.built, graph)
    reckoning = Reckoning(graph)
    try:
        if strange := _strange(task, begun, graph):
            return LessonReply(False, (strange,))
        if reckoning.holds(task.goal):
            return LessonReply(True, ("Done.", *_told(task.right, reckoning)))
        for condition, passage in task.when:
            if reckoning.holds(condition):
                return LessonReply(False, (said(passage, reckoning),))
    except TextError as error:
        return LessonReply(False, (f"{error.sentence[0].upper()}{error.sentence[1:]}.",))
    return LessonReply(False, ())


def _strange(task: LessonTask, begun: Graph, graph: Graph) -> str:
    """Why this is another graph than the one that was asked about; empty: it is that one."""
    if graph.edges != begun.edges or set(graph.nodes) != set(begun.nodes):
        return "The graph is another one now. Go back to the step to have its graph again."
    for id, node in graph.nodes.items():
        before = begun.nodes[id]
        if (node.op_name, node.settings) != (before.op_name, before.settings):
            return "The graph is another one now. Go back to the step to have its graph again."
        if task.leaves and id not in task.leaves and node.value_key != before.value_key:
            return f"Only {' and '.join(task.leaves)} may change here; {id} held {_held(before.value)}."
    return ""


def _held(value: Value | None) -> str:
    return number_text(float(value)) if value is not None and value.ndim == 0 else "something else"


def _reply_to_built(task: LessonTask, reference: Graph, graph: Graph) -> LessonReply:
    try:
        found = grade(reference, graph)
    except GradloomError as error:
        return LessonReply(False, (f"{error.sentence}",))
    if found.full:
        return LessonReply(True, ("Right: it is the same graph.", *_told(task.right, Reckoning(graph))))
    return LessonReply(False, ("Not yet.", *found.feedback[:MOST_SENTENCES]))


def _told(passage: LessonPassage | None, reckoning: Reckoning) -> tuple[str, ...]:
    return (said(passage, reckoning),) if passage is not None else ()


def solved(task: LessonTask, graph: Graph) -> Graph:
    """The graph with what solves a task that sets leaves. Raises TextError."""
    if task.solution.startswith("train"):
        return _trained(graph, task.solution)
    values = {}
    for part in task.solution.split(";"):
        name, equals, number = part.partition("=")
        if not equals:
            raise TextError("solution takes x = 2, or x = 2; y = 3")
        try:
            values[name.strip()] = parse_value(number.strip().replace(MINUS, "-"))
        except ValueError as error:
            raise TextError(f"{name.strip()}: {error}") from None
    try:
        return holding(graph, values)
    except GradloomError as error:
        raise TextError(error.sentence) from None


def _trained(graph: Graph, words: str) -> Graph:
    """The graph after so many epochs, as `train 60` says."""
    _, _, epochs = words.partition(" ")
    if not epochs.strip().isdecimal() or not 0 < int(epochs) <= MOST_EPOCHS:
        raise TextError(f"solution takes train and a number of epochs up to {MOST_EPOCHS}, as in train 60")
    try:
        trainer = Trainer(graph, replace(TrainingConfig.of(graph), epochs=int(epochs), steps=0))
        trainer.run()
        return graph.apply(trainer.change())
    except GradloomError as error:
        raise TextError(error.sentence) from None


# --- to a prediction


def right_words(task: LessonTask, reckoning: Reckoning) -> list[str]:
    """What the lesson says to a right answer, beside the reason."""
    return list(_told(task.right, reckoning))


def wrong_words(task: LessonTask, question: Question, judgement: Judgement, reckoning: Reckoning) -> list[str]:
    """What is said to a wrong one: of each mistake that fits, the lesson's own words where it has some, and of the
    others then only what they are called; and what a push really does."""
    own = dict(task.when)
    told = [f"{each.title}. {said(own[each.name], reckoning)}" for each in judgement.candidates if each.name in own]
    others = [each for each in judgement.candidates if each.name not in own]
    if told and others:
        told.append(f"It also fits: {', '.join(each.title[0].lower() + each.title[1:] for each in others)}.")
    elif not told:
        told = [f"{each.title}. {each.sentence}" for each in others]
    push = push_words(question, judgement)
    return [*told, push] if push else told


def push_words(question: Question, judgement: Judgement | None) -> str:
    """The judge of a wrong gradient: a leaf is pushed a little, and the target says how far it really goes."""
    answer = judgement.answer.number if judgement is not None else None
    leaf, target = question.node, question.trace.plan.target
    if answer is None or target is None or not is_pushed(question):
        return ""
    reckoning = Reckoning(question.graph)
    before, after = reckoning.number(target), reckoning.number(f"{target}({leaf}={leaf}+{PUSH})")
    if np.ndim(before) or not (np.isfinite(before) and np.isfinite(after)):
        return ""
    names, rise = question.names, float(after) - float(before)
    return PUSH_SAYS.format(
        push=PUSH, name=names.node(leaf), goal=names.node(target), answer=number_text(answer),
        does=_moved(DOES, rise if abs(rise) > NOISE else 0.0), do=_moved(WOULD, answer * PUSH),
    )  # fmt: skip


def _moved(ways: Sequence[str], by: float) -> str:
    """In words how far something moves."""
    return ways[0 if by > 0 else 1 if by < 0 else 2].format(by=number_text(abs(by), 3))


def is_pushed(question: Question) -> bool:
    """Whether a push can judge what is typed: it is the gradient of a leaf that holds one number."""
    if not (question.of == "gradient" and question.ask == "number" and question.cell is None):
        return False
    node = question.graph.nodes[question.node]
    return node.op.holds_value and node.value is not None and not node.value.ndim and question.graph.seed == 1.0
