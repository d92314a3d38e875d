"""A first look at a CSV: what each column holds and which rows have a gap, to choose from what is learnt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.data.cells import CellSpelling, Line, headed, lines, no_rows, spelling_of
from engine.values.values import counted

MOST_CLASSES = 20  # whole numbers of more kinds than this are measured, not classes
MOST_WORDS = 1_000  # different words in a column of labels: more are names or notes
MOST_NAMED = 3  # lines
LEAST_COUNTED = 3  # rows, fewer of which are in any order
MOST_SAID = 60  # letters of a cell that a sentence has room for
NO_WORDS = frozenset({"na", "n/a", "nan", "null", "none", "?", "-"})  # what stands where a number is not known
Holds = Literal["numbers", "words", "nothing"]


@dataclass
class ColumnSurvey:
    """What stands in one column."""

    name: str
    numbers: int = 0
    words: int = 0  # that stand for something
    unknown: int = 0  # words that say that nothing is known
    missing: int = 0
    kinds: set[str] = field(default_factory=set)  # words, up to one too many
    values: set[float] = field(default_factory=set)  # numbers, up to one too many
    first: list[str] = field(default_factory=list)  # cells
    odd: str = ""  # the first cell that is no number
    last: float | None = None  # number
    steps: bool = True  # each cell so far is a number, and one more than that before

    @property
    def holds(self) -> Holds:
        """Numbers, where most of what stands for something are; then words among them are gaps."""
        if self.numbers and self.numbers >= self.words:
            return "numbers"
        return "words" if self.words or self.unknown else "nothing"

    @property
    def is_constant(self) -> bool:
        """Whether there is nothing to learn from it."""
        return len(self.values if self.holds == "numbers" else self.kinds) == 1

    @property
    def numbers_rows(self) -> bool:
        """Whether it begins with 0 or 1 and counts: what is learnt from it is learnt by heart."""
        return self.steps and self.numbers >= LEAST_COUNTED and min(self.values) in (0.0, 1.0)

    @property
    def classes(self) -> int:
        """How many classes it is as a target; 0: it holds numbers to hit."""
        if self.holds == "words":
            return len(self.kinds)
        whole = len(self.values) <= MOST_CLASSES and all(value == int(value) for value in self.values)
        return len(self.values) if whole else 0

    def take(self, cell: str, spelling: CellSpelling) -> int:
        """One more cell: 0 where it is a number, 1 where it is empty, 2 where it is anything else."""
        said = cell.strip()
        if len(self.first) < MOST_NAMED:
            self.first.append(said)
        if not said:
            self.missing, self.steps = self.missing + 1, False
            return 1
        try:
            number = spelling.number(said)
        except ValueError:
            self._take_word(said)
            return 2
        self.numbers += 1
        self.steps = self.steps and self.last in (None, number - 1)
        self.last = number
        if len(self.values) <= MOST_CLASSES:
            self.values.add(number)
        if len(self.kinds) <= MOST_WORDS:
            self.kinds.add(said)
        return 0

    def _take_word(self, said: str) -> None:
        self.odd, self.steps = self.odd or said, False
        if said.lower() in NO_WORDS:
            self.unknown += 1
        else:
            self.words += 1
        if len(self.kinds) <= MOST_WORDS:
            self.kinds.add(said)


@dataclass
class Gap:
    """Rows that are left out for one reason: how many, and the first few lines."""

    why: str
    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, count: int, lines: Collection[int]) -> None:
        self.count += count
        self.lines = sorted([*self.lines, *lines])[: MOST_NAMED + 1]

    @property
    def sentence(self) -> str:
        """`2 rows: “width” is empty (lines 7, 12)`."""
        named = ", ".join(map(str, self.lines[:MOST_NAMED])) + (" …" if self.count > MOST_NAMED else "")
        return f"{counted(self.count, 'row')}: {self.why} (line{'s' if self.count > 1 else ''} {named})"


@dataclass
class Survey:
    """All columns and rows of a file. Rows with the same gaps are counted together: by bits, which cells are which."""

    spelling: CellSpelling
    has_header: bool
    columns: list[ColumnSurvey]
    rows: int = 0
    uneven: dict[int, Gap] = field(default_factory=dict)  # by the number of cells, where that is another one
    patterns: dict[tuple[int, int], Gap] = field(default_factory=dict)  # which cells are empty, which are no numbers

    def take(self, line: Line) -> None:
        number, cells = line
        self.rows += 1
        if len(cells) != len(self.columns):
            why = f"{counted(len(cells), 'cell')}, not {len(self.columns)}"
            self.uneven.setdefault(len(cells), Gap(why)).add(1, [number])
            return
        empty = other = 0
        for at, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            found = column.take(cell, self.spelling)
            if found:
                empty, other = empty | (found == 1) << at, other | (found == 2) << at
        if empty or other:
            self.patterns.setdefault((empty, other), Gap("")).add(1, [number])

    def gaps(self, used: Collection[int]) -> list[Gap]:
        """Why rows cannot be used where these columns are, most first; a row is counted by its first gap."""
        needed = sum(1 << at for at in used)
        numbers = sum(1 << at for at in used if self.columns[at].holds == "numbers")
        found: dict[tuple[int, bool], Gap] = {}
        for (empty, other), pattern in self.patterns.items():
            bad = (empty & needed) | (other & numbers)
            if bad:
                at = (bad & -bad).bit_length() - 1
                is_empty = bool(empty >> at & 1)
                found.setdefault((at, is_empty), Gap(self._why(at, is_empty))).add(pattern.count, pattern.lines)
        return sorted([*self.uneven.values(), *found.values()], key=lambda gap: -gap.count)

    def is_usable(self, cells: list[str], used: Collection[int]) -> bool:
        """Whether a row has no gap in these columns."""
        if len(cells) != len(self.columns):
            return False
        for at in used:
            if not cells[at].strip():
                return False
            if self.columns[at].holds == "numbers":
                try:
                    self.spelling.number(cells[at])
                except ValueError:
                    return False
        return True

    def _why(self, at: int, is_empty: bool) -> str:
        return f"“{self.columns[at].name}” is {'empty' if is_empty else 'not a number'}"


def survey(data: bytes, has_header: bool | None = None) -> Survey:
    """Look at the text of a CSV. `has_header` None: it is judged by the first line. Raises FileError."""
    spelling = spelling_of(data)
    named = looks_headed(data, spelling) if has_header is None else has_header
    names, below = headed(lines(data, spelling), named)
    made = Survey(spelling, named, [ColumnSurvey(name) for name in names])
    for line in _at_least_one(below):
        made.take(line)
    return made


def looks_headed(data: bytes, spelling: CellSpelling) -> bool:
    """Whether some cell of the first line is no number: a line of numbers alone is a row."""
    first = next(lines(data, spelling), (0, [""]))[1]
    return not all(_is_number(cell, spelling) for cell in first)


def _is_number(cell: str, spelling: CellSpelling) -> bool:
    try:
        spelling.number(cell)
    except ValueError:
        return False
    return True


def _at_least_one(below: Iterator[Line]) -> Iterator[Line]:
    first = next(below, None)
    if first is None:
        raise no_rows()
    yield first
    yield from below


def cut(said: str) -> str:
    """A cell as a sentence has room for it."""
    return said if len(said) <= MOST_SAID else said[:MOST_SAID] + "…"
