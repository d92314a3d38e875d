"""A lesson's text in pieces, each with its line: what stands above the first step, the steps, and what is in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.teach.lessons.lesson import LessonMistake, LessonPassage

FENCE, FORMULA, HEADING, FACTS, NOTES = "```", "$$", "## ", "---", "notes"
MARKS = ("**", "__", "`")  # of Markdown: what they mark is shown plain


@dataclass(frozen=True)
class Fenced:
    """What stands between two fences: the words behind the first, and the lines."""

    words: str
    line: int
    lines: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.words.split()[0] if self.words else ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class RawStep:
    """A heading, and all below it up to the next."""

    title: str
    line: int
    body: list[LessonPassage] = field(default_factory=list)
    fenced: list[Fenced] = field(default_factory=list)


@dataclass(frozen=True)
class Key:
    """`name: text` in a block, with what stands between its first word and the colon."""

    name: str
    detail: str
    text: str
    line: int

    @property
    def passage(self) -> LessonPassage:
        return LessonPassage(plain_text(self.text), self.line)


class Cutter:
    """Goes through the lines once; what cannot be is among the `mistakes`."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self.mistakes: list[LessonMistake] = []
        self.facts: dict[str, Key] = {}
        self.steps: list[RawStep] = []
        self._at = 0
        self._read_facts()
        while self._at < len(self._lines):
            self._read_piece()

    def _say(self, line: int, sentence: str) -> None:
        self.mistakes.append(LessonMistake(line, sentence))

    def _read_facts(self) -> None:
        if self._lines[0].strip() != FACTS:
            self._say(1, "a lesson begins with a line ---, then title: and minutes:, and a second line ---")
            return
        end = next((at for at in range(1, len(self._lines)) if self._lines[at].strip() == FACTS), None)
        if end is None:
            self._say(1, "the second line --- is missing, which ends what is said of the lesson")
            self._at = len(self._lines)
            return
        for key in keys_of(self._lines[1:end], 2, self.mistakes):
            self.facts[key.name] = key
        self._at = end + 1

    def _read_piece(self) -> None:
        line, number = self._lines[self._at], self._at + 1
        if line.startswith(HEADING):
            self.steps.append(RawStep(line[len(HEADING) :].strip(), number))
            self._at += 1
        elif line.startswith(FENCE):
            self._read_fence(line[len(FENCE) :].strip(), number)
        elif not line.strip():
            self._at += 1
        elif not self.steps:
            self._say(number, "text stands before the first step: a step begins with ## and its title")
            self._at += 1
        elif line.strip().startswith(FORMULA):
            self._read_formula(number)
        else:
            self._read_text(number)

    def _read_fence(self, words: str, number: int) -> None:
        inside: list[str] = []
        self._at += 1
        while self._at < len(self._lines) and not self._lines[self._at].startswith(FENCE):
            inside.append(self._lines[self._at])
            self._at += 1
        if self._at >= len(self._lines):
            self._say(number, "this block is never closed: a line with ``` ends it")
        self._at += 1
        fenced = Fenced(words, number, tuple(inside))
        if not self.steps:
            self._say(number, "a block stands before the first step: a step begins with ## and its title")
        elif fenced.kind in BLOCKS:
            self.steps[-1].fenced.append(fenced)
        else:
            self.steps[-1].body.append(LessonPassage(fenced.text, number + 1, "code"))

    def _read_formula(self, number: int) -> None:
        text = self._lines[self._at].strip()[len(FORMULA) :]
        self._at += 1
        while not text.rstrip().endswith(FORMULA) and self._at < len(self._lines):
            text += f" {self._lines[self._at].strip()}"
            self._at += 1
        if not text.rstrip().endswith(FORMULA):
            self._say(number, "this formula is never closed: $$ ends it")
        self.steps[-1].body.append(LessonPassage(text.strip().removesuffix(FORMULA).strip(), number, "formula"))

    def _read_text(self, number: int) -> None:
        """Lines up to an empty one; each `- ` begins an item."""
        is_item = self._lines[self._at].startswith("- ")
        parts = [self._lines[self._at].removeprefix("- ").strip()]
        self._at += 1
        while self._at < len(self._lines) and not self._begins(self._lines[self._at]):
            parts.append(self._lines[self._at].strip())
            self._at += 1
        self.steps[-1].body.append(
            LessonPassage(plain_text(" ".join(parts)), number, "item" if is_item else "paragraph")
        )

    @staticmethod
    def _begins(line: str) -> bool:
        return not line.strip() or line.startswith((HEADING, FENCE, FORMULA, "- "))


BLOCKS = ("graph", "see", "task", "build", NOTES)


def notes_of(fenced: Fenced) -> tuple[LessonPassage, ...]:
    """What is written for who presents: paragraphs with an empty line between them, and items."""
    found: list[LessonPassage] = []
    goes_on = False
    for number, line in enumerate(fenced.lines, fenced.line + 1):
        is_item, text = line.startswith("- "), plain_text(line.removeprefix("- ").strip())
        if text and goes_on and not is_item:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {text}")
        elif text:
            found.append(LessonPassage(text, number, "item" if is_item else "paragraph"))
        goes_on = bool(text)
    return tuple(found)


def plain_text(text: str) -> str:
    """Without the marks of Markdown; what a sum is made of stays."""
    parts = text.split("{=")
    shown = [_unmarked(parts[0])]
    for part in parts[1:]:
        inside, close, rest = part.partition("}")
        shown.append(f"{{={inside}{close}{_unmarked(rest)}")
    return "".join(shown)


def _unmarked(text: str) -> str:
    for mark in MARKS:
        text = text.replace(mark, "")
    return text


def keys_of(lines: Sequence[str], first: int, mistakes: list[LessonMistake]) -> Iterator[Key]:
    """Each `name: text`; lines that are set in go on with the one before. Options `- [x]` are left out."""
    found: list[Key] = []
    for number, line in enumerate(lines, first):
        if not line.strip() or line.startswith("#") or line.startswith("- ["):
            continue
        if line[0].isspace():
            if found and found[-1].name:
                last = found[-1]
                found[-1] = Key(last.name, last.detail, f"{last.text} {line.strip()}".strip(), last.line)
            continue
        head, colon, text = f"{line} ".partition(": ")
        if not colon:
            mistakes.append(LessonMistake(number, f"“{line.strip()}” has no colon: write name: text"))
            found.append(Key("", "", "", number))
            continue
        name, _, detail = head.strip().partition(" ")
        found.append(Key(name, detail.strip(), text.strip(), number))
    yield from (key for key in found if key.name)
