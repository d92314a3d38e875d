"""Text → lesson. Whatever is wrong is told with its line, and the rest is read all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.data.outside import LESSON, read_bytes
from engine.errors import FileError, GradloomError, TextError
from engine.files.examples import find_example
from engine.files.open import read_file, read_text
from engine.graph.graph import Graph
from engine.show.beside import EDGES_SHOWN
from engine.teach.lessons.lesson import Lesson, LessonMistake, LessonPassage, LessonStep, LessonTask, Option, Sight
from engine.teach.lessons.pieces import NOTES, Cutter, Fenced, Key, RawStep, keys_of, notes_of, plain_text
from engine.teach.lessons.tasks import solved

LONGEST = 400_000  # characters of a lesson
FACTS = ("title", "minutes", "about", "order", "author", "notes")
SIGHTS = ("at", "play", "look", "edges", "select", "open")
KINDS = ("predict", "answer", "choose", "set", "play", "build")
TASK_KEYS = (*KINDS, "say", "ask", "wrong", "mistake", "when", "change", "solution", "right", "hint")
PANELS = ("slopes", "paths", "trace", "inspector", "what_if", "training")  # that a step may open
_OPTION = re.compile(r"- \[([ xX])\] (.*)")
_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True)
class ReadLesson:
    """What was read; None where not even a title and one step are there."""

    lesson: Lesson | None
    mistakes: tuple[LessonMistake, ...]


def read_lesson(text: str, path: Path | None = None) -> ReadLesson:
    """The lesson in a text; `path`: its file, beside which those that it names are."""
    if len(text) > LONGEST:
        return ReadLesson(None, (LessonMistake(1, f"this is too long for a lesson: {len(text):,} characters"),))
    return _LessonReader(text, path).read()


def load_lesson(path: Path) -> ReadLesson:
    """The lesson in a file. Raises FileError where that cannot be read."""
    data = read_bytes(path, LESSON)
    try:
        return read_lesson(data.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise FileError(f"“{path.name}” is no UTF-8 text", where=f"byte {error.start + 1}") from None


class _LessonReader:
    def __init__(self, text: str, path: Path | None) -> None:
        self._cut, self._path = Cutter(text), path
        self._mistakes = self._cut.mistakes
        self._graph, self._graph_line = Graph(), 1
        self._last: LessonTask | None = None  # the task of the step before
        self._kept = False  # the step before has kept its graph

    def read(self) -> ReadLesson:
        facts = self._facts()
        steps = tuple(map(self._step, self._cut.steps))
        if not steps:
            self._say(1, "there is no step: a step begins with ## and its title")
        title = facts.get("title", "")
        if not title or not steps:
            return ReadLesson(None, tuple(sorted(dict.fromkeys(self._mistakes), key=lambda each: each.line)))
        if "notes" in facts:  # about the whole lesson: they are read before it begins
            whole = self._cut.facts["notes"].passage
            steps = (replace(steps[0], notes=(whole, *steps[0].notes)), *steps[1:])
        lesson = Lesson(title, steps, self._whole("minutes"), facts.get("about", ""), self._whole("order"), self._path)
        return ReadLesson(lesson, tuple(sorted(dict.fromkeys(self._mistakes), key=lambda each: each.line)))

    def _say(self, line: int, sentence: str) -> None:
        self._mistakes.append(LessonMistake(line, sentence))

    def _facts(self) -> dict[str, str]:
        for key in self._cut.facts.values():
            if key.name not in FACTS:
                self._say(key.line, f"“{key.name}” is not known here; known are {', '.join(FACTS)}")
        facts = {name: key.text for name, key in self._cut.facts.items()}
        if not facts.get("title") and not any(each.line == 1 for each in self._mistakes):
            self._say(1, "the lesson has no title: write title: … between the lines ---")
        return facts

    def _whole(self, name: str) -> int:
        key = self._cut.facts.get(name)
        if key is None:
            return 0
        if not key.text.isdecimal() or len(key.text) > 4:
            self._say(key.line, f"{name} takes a whole number")
            return 0
        return int(key.text)

    # --- a step

    def _step(self, raw: RawStep) -> LessonStep:
        blocks = self._blocks(raw)
        keeps = "graph" in blocks and blocks["graph"].words.split() == ["graph", "keep"]
        if keeps:
            self._keep_graph(blocks["graph"])
        elif "graph" in blocks:
            self._read_graph(blocks["graph"])
        elif self._graph_line == 1 and raw is self._cut.steps[0]:
            self._say(raw.line, "the first step has no graph: write one in a block ```graph")
        sight = self._sight(blocks["see"]) if "see" in blocks else Sight(raw.line)
        task = self._task(blocks["task"], blocks.get("build")) if "task" in blocks else None
        if "build" in blocks and task is None:
            self._say(blocks["build"].line, "a block build needs a block task that says what to build")
        if not raw.title:
            self._say(raw.line, "this step has no title")
        self._last, self._kept = task, keeps
        return LessonStep(
            raw.title, raw.line, tuple(raw.body), self._graph, self._graph_line, sight, task, keeps,
            self._notes(blocks[NOTES]) if NOTES in blocks else (),
        )  # fmt: skip

    def _notes(self, fenced: Fenced) -> tuple[LessonPassage, ...]:
        notes = notes_of(fenced)
        if not notes or fenced.words.strip() != NOTES:
            told = "these notes say nothing" if not notes else "behind the word notes comes nothing"
            self._say(fenced.line, told)
        return notes

    def _blocks(self, raw: RawStep) -> Mapping[str, Fenced]:
        found: dict[str, Fenced] = {}
        for fenced in raw.fenced:
            if fenced.kind in found:
                self._say(fenced.line, f"this step has a block {fenced.kind} already")
            found[fenced.kind] = fenced
        return found

    def _read_graph(self, fenced: Fenced) -> None:
        graph = self._graph_of(fenced)
        if graph is not None:
            self._graph, self._graph_line = graph, fenced.line

    def _keep_graph(self, fenced: Fenced) -> None:
        """The graph as it is when the task of the step before is done: here as its author has done it."""
        last = self._last
        if last is None or last.kind not in ("set", "build"):
            if not self._kept:
                self._say(fenced.line, "there is nothing to keep: the step before sets, builds or keeps nothing")
            return
        try:
            self._graph = solved(last, self._graph) if last.built is None else last.built
        except TextError as error:
            self._say(fenced.line, error.sentence)

    def _graph_of(self, fenced: Fenced) -> Graph | None:
        _, how, name = (*fenced.words.split(maxsplit=2), "", "")[:3]
        try:
            if how == "example":
                if (found := find_example(name)) is None:
                    raise GradloomError(f"there is no example called “{name}”")
                return read_file(found.path)
            if how == "file":
                return read_file(self._beside(name))
            if how:
                raise GradloomError("behind the word comes nothing, or example NAME, file NAME, or keep")
            return read_text(fenced.text) if fenced.text.strip() else Graph()
        except GradloomError as error:
            found_line = _LINE.match(error.where)
            place = fenced.line + int(found_line[1]) if found_line else fenced.line
            self._say(place, error.sentence)
            return None

    def _beside(self, name: str) -> Path:
        if self._path is None or Path(name).name != name:
            raise GradloomError(f"“{name}” must be the name of a file in the lesson’s own folder")
        return self._path.parent / name

    def _sight(self, fenced: Fenced) -> Sight:
        sight = Sight(fenced.line)
        for key in self._keys(fenced, SIGHTS):
            if key.name == "play":
                start, arrow, end = key.text.partition("..")
                if not arrow:
                    self._say(key.line, "play takes two places, as in play: backward .. end")
                sight = replace(sight, at=start.strip(), to=end.strip())
            elif key.name == "look":
                parts = re.findall(r"\w+\s*->\s*\w+|\w+", key.text)
                sight = replace(sight, look=tuple(" -> ".join(re.findall(r"\w+", part)) for part in parts))
            elif key.name == "edges" and key.text not in EDGES_SHOWN:
                self._say(key.line, f"edges takes one of {', '.join(EDGES_SHOWN)}")
            elif key.name == "open" and key.text not in PANELS:
                self._say(key.line, f"open takes one of {', '.join(PANELS)}")
            else:
                sight = _with_word(sight, key)
        return sight

    def _keys(self, fenced: Fenced, known: tuple[str, ...]) -> list[Key]:
        keys = list(keys_of(fenced.lines, fenced.line + 1, self._mistakes))
        for key in keys:
            if key.name not in known:
                self._say(key.line, f"“{key.name}” is not known in a block {fenced.kind}; known are {', '.join(known)}")
        return [key for key in keys if key.name in known]

    # --- a task

    def _task(self, fenced: Fenced, build: Fenced | None) -> LessonTask | None:
        keys = self._keys(fenced, TASK_KEYS)
        options = self._options(fenced)
        named = [key for key in keys if key.name in KINDS]
        kinds = [key.name for key in named] + ["build"] * (build is not None) + ["choose"] * bool(options)
        if len(kinds) != 1:
            told = "predict:, answer:, set:, play:, a list of - [ ] to choose from, or a block build"
            self._say(fenced.line, f"a task is one of {told}" + (f"; here are {', '.join(kinds)}" if kinds else ""))
            return None
        one = {key.name: key for key in keys}
        words = one["say"].passage if "say" in one else LessonPassage("", fenced.line)
        if not words.text and kinds[0] != "predict":
            self._say(fenced.line, "the task says nothing: write say: …")
        task = LessonTask(kinds[0], fenced.line, words, named[0].text if named else "", options=options)
        when = tuple((key.detail, key.passage) for key in keys if key.name in ("wrong", "mistake", "when"))
        built = self._graph_of(build) if build is not None else None
        text_of = {name: key.text for name, key in one.items()}
        return replace(
            task, when=when, built=built, ask=text_of.get("ask", "number"), solution=text_of.get("solution", ""),
            leaves=tuple(re.findall(r"\w+", text_of.get("change", ""))),
            right=one["right"].passage if "right" in one else None,
            hint=one["hint"].passage if "hint" in one else None,
        )  # fmt: skip

    def _options(self, fenced: Fenced) -> tuple[Option, ...]:
        found: list[Option] = []
        for number, line in enumerate(fenced.lines, fenced.line + 1):
            if option := _OPTION.match(line):
                said, _, reply = option[2].partition("=>")
                answer = LessonPassage(plain_text(reply.strip()), number) if reply.strip() else None
                found.append(Option(LessonPassage(plain_text(said.strip()), number), answer, option[1] != " "))
        if found and sum(each.is_right for each in found) != 1:
            self._say(fenced.line, "of the options exactly one is right, and is marked with [x]")
        return tuple(found)


def _with_word(sight: Sight, key: Key) -> Sight:
    """What takes one word, or a few, as they stand there."""
    if key.name == "at":
        return replace(sight, at=key.text)
    if key.name == "edges":
        return replace(sight, edges=key.text)
    if key.name == "select":
        return replace(sight, select=tuple(re.findall(r"\w+", key.text)))
    return replace(sight, open=key.text)
