"""What a lesson is made of: steps, each with a text, a graph, what is to be seen of it, and perhaps a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.graph.graph import Graph

Kind = Literal["paragraph", "item", "formula", "code"]


@dataclass(frozen=True)
class LessonMistake:
    """What is wrong in the text of a lesson, and in which line of it."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


@dataclass(frozen=True)
class LessonPassage:
    """A piece of text, with the line in which it begins; the sums in it are not computed yet."""

    text: str
    line: int
    kind: Kind = "paragraph"


@dataclass(frozen=True)
class Sight:
    """What is seen of the graph: where the pass is, or from where to where it plays; what lights up; the rest."""

    line: int = 0
    at: str = "end"
    to: str = ""  # it plays from `at` to here
    look: tuple[str, ...] = ()  # nodes `x`, and edges `x -> p`
    edges: str = "both"
    select: tuple[str, ...] = ()
    open: str = ""  # a panel


@dataclass(frozen=True)
class LessonTask:
    """What is to be done: one of `predict`, `answer`, `choose`, `set`, `play`, `build`; and what is said to it.

    `when`: a mistake by its name, a wrong answer, or a comparison; with what is said to it.
    """

    kind: str
    line: int
    words: LessonPassage
    goal: str = ""  # what is predicted, the right answer, the comparison, the position
    ask: str = "number"
    options: tuple[Option, ...] = ()
    when: tuple[tuple[str, LessonPassage], ...] = ()
    leaves: tuple[str, ...] = ()  # of `set`: those that may change
    solution: str = ""  # of `set`: x = 2, y = 3
    right: LessonPassage | None = None
    hint: LessonPassage | None = None
    built: Graph | None = None  # of `build`


@dataclass(frozen=True)
class Option:
    """One of several answers, of which one is right."""

    words: LessonPassage
    reply: LessonPassage | None
    is_right: bool


@dataclass(frozen=True)
class LessonStep:
    """One step. Its graph is that of the step before where it has none of its own."""

    title: str
    line: int
    body: tuple[LessonPassage, ...]
    graph: Graph
    graph_line: int
    sight: Sight = field(default_factory=Sight)
    task: LessonTask | None = None
    keeps: bool = False  # the graph stays as the learner has made it in the step before
    notes: tuple[LessonPassage, ...] = ()  # for who presents it: the audience does not see them


@dataclass(frozen=True)
class Lesson:
    """A whole lesson; `order`: its place among those that come with the program."""

    title: str
    steps: tuple[LessonStep, ...]
    minutes: int = 0
    about: str = ""
    order: int = 0
    path: Path | None = None
