"""Check lessons: every mistake with its line; exit code 1 where there is one.

Every graph is run, every number in the text computed, every task done as it says itself, and every mistake that it
speaks of made. FILE is a lesson (a .md file), or the name of one that comes with Gradloom; with list these are listed.
How a lesson is written stands in assets/lessons/WRITING.md. With --json:

  {"mistakes": [{"file": name, "line": 12, "mistake": sentence}, …]}
  {"lessons": [{"lesson": name, "minutes": 7, "title": title}, …]}

  gradloom lesson check slope.md
  gradloom lesson list
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from engine.commands import _report
from engine.errors import GradloomError
from engine.teach.lessons.lesson import LessonMistake
from engine.teach.lessons.proof import proved
from engine.teach.lessons.reading import ReadLesson, load_lesson
from engine.teach.lessons.shelf import find_shelved, shelved
from engine.values.json_text import records_text

DOES = ("check", "list")


def add_arguments(parser: argparse.ArgumentParser, does: Sequence[str] = DOES) -> None:
    add = parser.add_argument
    more = "; export: write one as OUT" if "export" in does else ""
    add("what", metavar="check", choices=does, help=f"check files; list: those that come with Gradloom{more}")
    add("files", metavar="FILE", nargs="*", help="a lesson, or the name of one that comes with Gradloom")
    add("--json", action="store_true", help="print JSON, as described below")


def handle(args: argparse.Namespace) -> int:
    if args.what == "list":
        _list(args.json)
        return 0
    if not args.files:
        raise GradloomError("name the lesson to check, as in gradloom lesson check slope.md")
    found = [(name, *_checked(name)) for name in args.files]
    if args.json:
        records = [
            {"file": name, "line": each.line, "mistake": each.sentence}
            for name, mistakes, _ in found
            for each in mistakes
        ]
        print(records_text({"mistakes": records}))
    else:
        for name, mistakes, steps in found:
            for each in mistakes:
                print(f"{name}: {each}")
            if not mistakes:
                print(f"{name}: {steps} steps, nothing wrong")
    return int(any(mistakes for _, mistakes, _ in found))


def _list(as_json: bool) -> None:
    if as_json:
        records = [{"lesson": each.name, "minutes": each.minutes, "title": each.title} for each in shelved()]
        print(records_text({"lessons": records}))
    else:
        rows = [[each.name, f"{each.minutes} min", each.title] for each in shelved()]
        print(_report.table(["lesson", "takes", "title"], rows))


def read_named(name: str) -> ReadLesson:
    """The lesson in a file, or that of this name. Raises FileError."""
    ours = find_shelved(name)
    return load_lesson(ours.path if ours is not None and not Path(name).exists() else Path(name))


def _checked(name: str) -> tuple[tuple[LessonMistake, ...], int]:
    found = read_named(name)
    return proved(found), len(found.lesson.steps) if found.lesson is not None else 0
