"""The score sheet: every answer with its kind of mistake and when, kept as CSV in the state folder of this machine."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from engine.data.outside import FileKind, read_bytes
from engine.errors import FileError
from engine.files.replace import write_atomically
from engine.teach.diagnosis import Judgement, possible_mistakes
from engine.teach.mistakes import MISTAKES
from engine.teach.question import Question
from engine.teach.spacing import PastAnswer, due
from gui.document import folders

COLUMNS = ("time", "asked", "outcome", "mistakes", "hints", "possible")
MOST = 20_000  # answers that are kept: the latest
KIND = FileKind("a score sheet", 8 * 2**20)
Answered = dict[str, str]
_unwritten: list[Answered] = []  # what no folder takes lasts as long as the program


def keep(question: Question, judgement: Judgement | None, hints: int, again: bool = False, late: bool = False) -> None:
    """Keep what became of an answer; None: it was shown. `again`: the question was answered before, wrongly; `late`: it
    was shown because the time was up."""
    asked = question.of if question.ask == "number" else question.ask
    made = () if judgement is None else (each.name for each in judgement.candidates)
    row = (
        datetime.now().isoformat(timespec="seconds"),
        asked,
        "late" if late else _outcome(judgement, again or hints > 0),
        _joined(made),
        str(hints),
        _joined(sorted(possible_mistakes(question))),
    )
    _unwritten.append(dict(zip(COLUMNS, row, strict=True)))
    place = _place()
    if place is not None:
        with suppress(FileError):  # that nothing can be written there was told when the program began
            write_atomically(place, sheet_text(all_kept()).encode())
            _unwritten.clear()


def _outcome(judgement: Judgement | None, helped: bool) -> str:
    if judgement is None:
        return "shown"
    return {"right": "right later" if helped else "right", "short": "few digits", "off": "wrong"}[judgement.closeness]


def all_kept() -> list[Answered]:
    """Every answer, the oldest first."""
    return [*_written(), *_unwritten][-MOST:]


def _written() -> Iterator[Answered]:
    place = _place()
    if place is None:
        return
    try:
        text = read_bytes(place, KIND).decode("utf-8")
    except (FileError, UnicodeDecodeError):
        return
    with suppress(csv.Error):
        for row in csv.DictReader(io.StringIO(text)):
            yield {column: str(row.get(column) or "") for column in COLUMNS}


def _joined(names: Iterable[str]) -> str:
    """Names of mistakes in one cell."""
    return " ".join(name.replace(" ", "-") for name in names)


def _parted(cell: str) -> frozenset[str]:
    return frozenset(name for name in MISTAKES if name.replace(" ", "-") in cell.split())


def due_now() -> frozenset[str]:
    """The mistakes that are to be practised."""
    return due(filter(None, map(_attempt, all_kept())), datetime.now())


def _attempt(row: Answered) -> PastAnswer | None:
    try:
        time = datetime.fromisoformat(row["time"]).replace(tzinfo=None)
    except ValueError:
        return None
    return PastAnswer(time, row["outcome"] == "right", _parted(row["mistakes"]), _parted(row["possible"]))


def of_the_last(days: int, rows: list[Answered]) -> list[Answered]:
    """Those that were given in so many days up to now."""
    since = datetime.now() - timedelta(days=days)
    return [row for row, past in ((row, _attempt(row)) for row in rows) if past is not None and past.time >= since]


def sheet_text(rows: list[Answered]) -> str:
    """The sheet as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def counts(rows: list[Answered]) -> list[tuple[str, int]]:
    """How often each mistake may have been made, by its title: the most frequent first."""
    found = Counter(name for row in rows for name in row["mistakes"].split())
    titles = {name.replace(" ", "-"): mistake.title for name, mistake in MISTAKES.items()}
    return [(titles[name], count) for name, count in found.most_common() if name in titles]


def _place() -> Path | None:
    folder = folders.state_folder()
    return None if folder is None else folder / "answers.csv"
