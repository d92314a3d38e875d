"""Grade a graph or a folder of them: exit code 1 where marks are missing.

Structure, values and gradients are compared, and the answers to what the reference hides. Names, labels, places and
the order of nodes and edges do not count. What each is worth stands in the reference's file, under "exercise":

  "exercise": {"rubric": {"structure": 4, "values": 3, "gradients": 3, "answers": 5, "tolerance": 1e-6}}

These are the usual points. Where a submission names its student ("student": 7), the reference takes the numbers of that
student, as gradloom exercise drew them. SUBMISSION is a file, or a folder: then a CSV is printed, or written to --out,
with one row for each file in it, also for one that cannot be read. Files are graded in several processes; one that
takes longer than --limit gets no marks. The exit code of a folder is 0. With --json, of one file:

  {"points": p, "of": q, "full": true, "student": 7, "aspects": {"structure": {"points": …, "of": …, "right": …,
   "things": …, "feedback": [sentence, …]}, "values": …, "gradients": …, "answers": …}}

  gradloom grade solution.gradloom ada.gradloom
  gradloom grade solution.gradloom submissions --out marks.csv
"""

import argparse
import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.commands import _report
from engine.commands._source import located, read_named
from engine.errors import GradloomError
from engine.files.open import READ_SUFFIXES
from engine.files.replace import write_atomically
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.teach.grading import Grade, grade
from engine.teach.grading_folder import COLUMNS, asks_answers, graded_folder, submissions_in
from engine.values.json_text import records_text

_LIMIT = 60.0  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("reference", metavar="REFERENCE", help="the right graph: a file, or the name of an example")
    add("submission", metavar="SUBMISSION", help=f"a {', '.join(READ_SUFFIXES)} file, or a folder of them")
    add("--json", action="store_true", help="print JSON, as described below (of one file)")
    add("--out", metavar="CSV", help="the file for the rows of a folder (default: they are printed)")
    add("--jobs", metavar="N", type=int, default=os.cpu_count() or 1, help="how many processes grade a folder")
    add("--limit", metavar="SECONDS", type=float, default=_LIMIT, help=f"for one file of a folder (default {_LIMIT:g})")
    add("--allow-data", metavar="PATH", action="append", default=[], help="a file or folder that datasets may read")


def handle(args: argparse.Namespace) -> int:
    reference = read_named(args.reference, args.allow_data)
    located(args.reference, lambda: run(reference))  # of two graphs it is said which cannot be computed
    if os.path.isdir(args.submission):
        return _of_folder(args, reference)
    if args.out is not None:
        raise GradloomError("--out is for a folder of submissions")
    own = [folder for folder in (os.path.dirname(os.path.realpath(args.reference)),) if os.path.exists(args.reference)]
    found = grade(reference, read_named(args.submission, [*own, *args.allow_data]))
    print(records_text(found.record()) if args.json else _told(found))
    return 0 if found.full else 1


def _told(found: Grade) -> str:
    rows = [
        [name, f"{each.points:g}", f"{each.of:g}", f"{each.right} of {each.things}"]
        for name, each in found.aspects.items()
    ]
    rows.append(["all", f"{found.points:g}", f"{found.of:g}", ""])
    table = _report.table(["", "points", "of", "right"], rows, right=["points", "of", "right"])
    return "\n".join([table, *([""] if found.feedback else []), *found.feedback])


def _of_folder(args: argparse.Namespace, reference: Graph) -> int:
    if args.json:
        raise GradloomError("--json is for one file; of a folder a CSV is printed")
    if args.jobs < 1:
        raise GradloomError("--jobs takes a whole number, 1 or above")
    if not 0 < args.limit < float("inf"):
        raise GradloomError("--limit takes a number of seconds above 0")
    paths = submissions_in(Path(args.submission), [Path(args.reference), *([Path(args.out)] if args.out else [])])
    if not paths:
        raise GradloomError(f"there is no file in “{args.submission}”")
    own = [os.path.dirname(os.path.realpath(args.reference))] if os.path.exists(args.reference) else []
    rows = graded_folder(reference, paths, Path(args.submission), args.jobs, args.limit, [*own, *args.allow_data])
    text = _table(rows, asks_answers(reference))
    if args.out is None:
        print(text, end="")
    else:
        write_atomically(args.out, text.encode("utf-8"))
    return 0


def _table(rows: Iterator[dict[str, Any]], answers: bool) -> str:
    columns = [name for name in COLUMNS if answers or name != "answers"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
