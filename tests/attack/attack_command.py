"""Command lines: any words for any command, its options with values that fit and that do not."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from engine import cli
from engine.export import EXPORTS
from engine.files.codec import encode
from tests.attack import attack_text, mutate, oracle
from tests.attack.attack import Broken
from tests.attack.graphs import shipped, some_graph, some_record
from tests.attack.mutate import json_text

TRIES = (
    "Any command line ends with exit code 0, 1 or 2, with one line on stderr for 2, no traceback, and JSON that parses."
)
HANG = 4.0  # a training of a few steps, a sweep

NAMES = ("x", "y", "z", "w", "f", "q", "L", "h", "loss", "x1", "b", "", "no", "é")
NUMBERS = ("0", "1", "2", "-1", "3", "0.5", "1e-3", "nan", "inf", "-inf", "1e400", "abc", "", "10", "-0", "½", "0x10")
VALUES = (
    *NUMBERS,
    "[1, 2]",
    "[[1, 2], [3, 4]]",
    "zeros(2)",
    "normal(2, 3)",
    "[",
    "[]",
    "1 2 3",
    "zeros(99999999)",
    "'x'",
)
EXPRESSIONS = (
    "(x + y) * z",
    "x",
    "x*x",
    "relu(x)",
    "-x",
    "x +",
    "",
    "f = x @ y",
    "sum([1, 2])",
    "x = 3; y = x**2; z = y + x",
    "1/0",
    "{",
    "x;" * 50,
)
MODEST = {"--steps": 3, "--epochs": 2, "--most": 5}


def start() -> None:
    oracle.strict()


def make(random: Random) -> bytes:
    name = random.choice((*cli.COMMANDS, *cli.COMMANDS, "", "runn", "--help", "-h", "--version"))
    words = [name] if name else []
    files: dict[str, str] = {}
    if name in cli.COMMANDS:
        words += [word for action in _picked(random, name) for word in _words_of(random, action, files)]
    if random.random() < 0.5 and not {"--expr"} & set(words):
        words.insert(1, _source(random, files))
    if random.random() < 0.15:
        words.insert(
            random.randrange(len(words) + 1),
            random.choice(("--nope", "-", "--", "-x", "=", "\ud800", "a\nb", "--json", "--help", "--se=1")),
        )
    return json.dumps(
        {"words": words, "files": files, "stdin": _text(random) if random.random() < 0.2 else ""}
    ).encode()


def _picked(random: Random, name: str) -> list[argparse.Action]:
    actions = _actions(name)
    return random.sample(actions, random.randrange(min(5, len(actions)) + 1))


@cache
def _actions(name: str) -> list[argparse.Action]:
    """The options that the command itself declares."""
    return [
        a for a in cli._parser(name, import_module(cli.COMMANDS[name]))._actions if a.dest not in ("help", "source")
    ]


def _words_of(random: Random, action: argparse.Action, files: dict[str, str]) -> list[str]:
    said = random.choice(action.option_strings) if action.option_strings else ""
    if said and action.nargs == 0:
        return [said]
    value = _value(random, action, files)
    if not said:
        return [value]
    return [f"{said}={value}"] if random.random() < 0.3 else [said, value]


def _value(random: Random, action: argparse.Action, files: dict[str, str]) -> str:
    if random.random() < 0.1:
        return random.choice((*VALUES, *NAMES, "-", "--", "a" * 5000))
    option = action.option_strings[0] if action.option_strings else action.dest
    if option in MODEST:
        return str(random.randrange(-1, MODEST[option]))
    if action.choices:
        return str(random.choice(list(action.choices)))
    if action.type in (int, float):
        return random.choice(NUMBERS)
    match option:
        case "--expr":
            return random.choice(EXPRESSIONS) if random.random() < 0.6 else _text(random)
        case "--set":
            return f"{random.choice(NAMES)}{random.choice(('=', '=', '=', '', ' = ', '=='))}{random.choice(VALUES)}"
        case "--to":
            return random.choice((*EXPORTS, "nope"))
        case "out" | "--out":
            return random.choice(
                (
                    "-",
                    "o.gradloom",
                    "o.txt",
                    "o.py",
                    "o.tex",
                    "o.dot",
                    "o.onnx",
                    "no/such/o.gradloom",
                    "o",
                    ".",
                    "/",
                    "o.xyz",
                    "o.json",
                )
            )
        case "--optimizer":
            return random.choice(("sgd", "adam", "momentum", "nope"))
        case "--index":
            return random.choice(("[]", "[0]", "[0, 1]", "[9]", "x", "{}", "[1.5]", "1", "[" * 2000))
    return random.choice((*NAMES, *NUMBERS))


def _source(random: Random, files: dict[str, str]) -> str:
    """An example, or a file that is written beside."""
    if random.random() < 0.4:
        return random.choice(
            (
                "neuron",
                "add",
                "micrograd",
                "train-line",
                "fan-out",
                "relu-open",
                "nope",
                "-",
                ".",
                "no.gradloom",
                "/dev/null",
                "",
            )
        )
    name = random.choice(("s.gradloom", "s.gradloom", "s.txt", "s.py", "s.onnx"))
    spoilt = name == "s.gradloom" and random.random() < 0.4
    files[name] = (
        json_text(mutate.record(random, some_record(random)))
        if spoilt
        else encode(some_graph(random))
        if name == "s.gradloom"
        else _text(random)
    )
    return name


def _text(random: Random) -> str:
    return (
        attack_text.make(random).decode("utf-8", "replace")[:3000]
        if random.random() < 0.7
        else encode(random.choice(shipped()))
    )


def check(data: bytes) -> None:
    case = json.loads(data)
    for name, text in case["files"].items():
        Path(name).write_bytes(text.encode("utf-8", "surrogatepass"))
    code, out, err = run(case["words"], case["stdin"])
    for path in Path().glob("o.*"):
        path.unlink()
    judge(case["words"], code, out, err)


def run(words: list[str], stdin: str, known: Mapping[str, str] = cli.COMMANDS) -> tuple[Any, str, str]:
    """Exit code, stdout and stderr, as a process would have them. `known`: the commands that there are."""
    out, err = _stream(), _stream()
    held = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogatepass")), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _stdin(held):
        code = cli.main(words, known)
    return code, _said(out), _said(err)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)


def _said(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8", "replace")


@contextlib.contextmanager
def _stdin(stream: Any) -> Any:
    import sys

    before, sys.stdin = sys.stdin, stream
    try:
        yield
    finally:
        sys.stdin = before


def judge(words: list[str], code: Any, out: str, err: str) -> None:
    """What a process that ends so has printed. Raises Broken."""
    about = ValueError(f"{words!r}\nexit code {code!r}\n{out[:2000]}\n{err[:2000]}")
    if code not in (0, 1, 2):
        raise Broken("an exit code is not 0, 1 or 2") from about
    if re.search(r"Traceback|object at 0x|NoneType|Warning:", out + err):
        raise Broken("a command speaks of Python") from about
    if code == 2 and (len(err.splitlines()) < 1 or not err.splitlines()[-1].startswith("gradloom")):
        raise Broken("a refused command line does not say why") from about
    if code == 2 and len([line for line in err.splitlines() if line.strip()]) > 1 + err.count("gradloom: "):
        raise Broken("a refused command line says more than a line") from about
    if code in (0, 1) and _asks_for_json(words):
        try:
            json.loads(out, parse_constant=_refuse)
        except ValueError as error:
            raise Broken("what --json prints is no JSON") from ValueError(f"{about}\n{error}")


def _asks_for_json(words: list[str]) -> bool:
    """Whether it is an option, and not what another option is given."""
    if "--json" not in words or {"--help", "-h", "--list"} & set(words) or words[0] not in cli.COMMANDS:
        return False
    return not words[words.index("--json") - 1].startswith("-")


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
