"""Check lessons, list those that come with Gradloom, or write one as a web page or a PDF.

check names every mistake with its line; exit code 1 where there is one. Every graph is run, every number in the text
computed, every task done as it says itself, and every mistake that it speaks of made. FILE is a lesson (a .md file), or
the name of one that comes with Gradloom. export writes one as an article that needs no network, with a player of each
step and its task to answer (.html), or with blanks, and the answers at the end (.pdf); a lesson with mistakes is not
written. How a lesson is written stands in assets/lessons/WRITING.md. With --json:

  {"mistakes": [{"file": name, "line": 12, "mistake": sentence}, …]}
  {"lessons": [{"lesson": name, "minutes": 7, "title": title}, …]}

  gradloom lesson check slope.md
  gradloom lesson list
  gradloom lesson export paths paths.html
"""

import argparse
from pathlib import Path

from engine.commands import lesson
from engine.errors import GradloomError
from gui.pictures.commands.render import start_qt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    lesson.add_arguments(parser, (*lesson.DOES, "export"))


def handle(args: argparse.Namespace) -> int:
    """Do what is asked. Raises GradloomError."""
    if args.what != "export":
        return lesson.handle(args)
    if len(args.files) != 2 or args.json:
        raise GradloomError("name the lesson and the file to write, as in gradloom lesson export slope.md slope.html")
    found = lesson.read_named(args.files[0])
    start_qt()
    from gui.pictures.lesson_files import write_lesson

    write_lesson(found, Path(args.files[1]))
    return 0
