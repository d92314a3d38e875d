"""The `gradloom` command without its window: finds the command, reads its options, and turns errors into exit codes.

0 done · 1 the answer is no · 2 the input is wrong: one line on stderr says what and where.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module, metadata
from inspect import getdoc
from io import TextIOWrapper
from pkgutil import iter_modules
from types import ModuleType
from typing import NoReturn

from engine import commands
from engine.errors import GradloomError

_OPTIONS_WITH_VALUE = ("--expr", "--set", "--seed")  # which may begin with a minus sign

_HELP = """\
Gradloom: build a computational graph and watch backpropagation happen in it.

  gradloom [FILE]
      Open the editor.
{commands}

SOURCE is a .gradloom file, a program (.txt, .py), - for standard input, or --expr TEXT:
  gradloom run --expr "(x + y) * z" --set x=-2 --set y=5 --set z=-4

gradloom COMMAND --help says more about a command.
Exit codes: 0 done, 1 the answer is no (a check failed), 2 the input is wrong.
"""
_RENDER = ("render SOURCE OUT", "A picture or a film of a graph: png, svg, pdf, gif, webp, mp4.")


def main(argv: Sequence[str]) -> int:
    """Run the command line `argv` (without the program's name) and return the exit code."""
    return _answer(partial(_dispatch, list(argv)))


def run_module(name: str, module: ModuleType, words: Sequence[str]) -> int:
    """Run a command that lives outside the engine but is made like those in it; returns the exit code."""
    return _answer(partial(_run_command, name, module, list(words)))


def _answer(run: Callable[[], int]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no “—” must not stop us
    try:
        code = run()
        sys.stdout.flush()
        return code
    except GradloomError as error:
        return _refused(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python flushes once more when it ends
        return 0  # `gradloom run … | head` has read what it wanted
    except KeyboardInterrupt:
        return 130


def _refused(sentence: str) -> int:
    print(f"gradloom: {' '.join(sentence.split())}", file=sys.stderr)
    return 2


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        print(_help(), end="")
        return 0
    if words[0] == "--version":
        print(f"gradloom {_version()}")
        return 0
    if words[0] not in COMMANDS:
        raise GradloomError(f"there is no command “{words[0]}”; the commands are {', '.join(COMMANDS)}, render")
    return COMMANDS[words[0]](words[1:])


def _run_command(name: str, module: ModuleType | None, words: list[str]) -> int:
    module = module or _module(name)
    parser = _parser(name, module)
    try:
        args = parser.parse_intermixed_args(_joined(words))
    except SystemExit as done:  # --help has been printed
        return int(done.code or 0)
    handled: int = module.handle(args)
    return handled


def _joined(words: list[str]) -> list[str]:
    """`--expr -x` as `--expr=-x`: the value is no option."""
    result: list[str] = []
    for word in words:
        if result and result[-1] in _OPTIONS_WITH_VALUE and word != "--":
            result[-1] += f"={word}"
        else:
            result.append(word)
    return result


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GradloomError(f"{message}; see {self.prog} --help")


def _parser(name: str, module: ModuleType) -> argparse.ArgumentParser:
    first, _, rest = _doc(module).partition("\n")
    parser = _Parser(
        prog=f"gradloom {name}",
        description=first,
        epilog=rest.strip("\n"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    return parser


def _module(name: str) -> ModuleType:
    return import_module(f"{commands.__name__}.{name}")


def _doc(module: ModuleType) -> str:
    return getdoc(module) or ""


def _help() -> str:
    entries = [(_usage(name), _doc(_module(name)).partition("\n")[0]) for name in COMMANDS]
    lines = [f"  gradloom {usage}\n      {said}" for usage, said in sorted([*entries, _RENDER])]
    return _HELP.format(commands="\n".join(lines))


def _usage(name: str) -> str:
    places = [action for action in _parser(name, _module(name))._actions if not action.option_strings]
    return " ".join([name, *(str(action.metavar or action.dest) for action in places)])


def _version() -> str:
    try:
        return metadata.version("gradloom")
    except metadata.PackageNotFoundError:  # run from a bare checkout
        return "from source"


# Name → what runs it, given its arguments; each is loaded when it is asked for.
COMMANDS: dict[str, Callable[[list[str]], int]] = {
    module.name: partial(_run_command, module.name, None)
    for module in iter_modules(commands.__path__)
    if not module.name.startswith("_")
}
