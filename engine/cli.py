"""The `gradloom` command without its window: finds the command, reads its options, and turns errors into exit codes.

0 done · 1 the answer is no · 2 the input is wrong: one line on stderr says what and where.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NoReturn

from engine import commands
from engine.commands._streams import guarded
from engine.errors import GradloomError
from engine.values.memory import MEMORY, USUAL, memory_text, read_memory

_NO_OPTION = "\0"  # which no word of a command line can hold
_OPTIONS_WITH_VALUE = ("--expr", "--set", "--seed")  # which may begin with a minus sign

_MEMORY = f"what all values and gradients together may take, as in 2GB (default {memory_text(USUAL)})"
_HELP = """\
Gradloom: build a computational graph and watch backpropagation happen in it.

  gradloom [FILE …]
      Open the editor, with each file on a tab.
  gradloom --install-desktop
      Let a double click in the file manager open a .gradloom file; --remove-desktop undoes it.
{commands}

SOURCE is a .gradloom, .onnx or program file (.txt, .py), - for standard input, the name of an
example, or --expr TEXT:
  gradloom run --expr "(x + y) * z" --set x=-2 --set y=5 --set z=-4

gradloom COMMAND --help says more about a command.
Exit codes: 0 done, 1 the answer is no (a check failed), 2 the input is wrong.
"""


def commands_in(*packages: ModuleType) -> dict[str, str]:
    """Name → module of the commands in these packages: every file but those that begin with `_`."""
    found = {module.name: package.__name__ for package in packages for module in iter_modules(package.__path__)}
    return {name: f"{package}.{name}" for name, package in sorted(found.items()) if not name.startswith("_")}


COMMANDS: Mapping[str, str] = commands_in(commands)


def main(argv: Sequence[str], known: Mapping[str, str] = COMMANDS) -> int:
    """Run the command line `argv` (without the program's name), one of the `known` commands; returns the exit code."""
    with guarded():
        return _finished(list(argv), known)


def _finished(words: list[str], known: Mapping[str, str]) -> int:
    """The exit code, when all that is printed has arrived where it goes."""
    try:
        code = _dispatch(words, known)
        sys.stdout.flush()
        return code
    except GradloomError as error:
        return _refused(str(error))
    except MemoryError:
        return _refused("this machine has no memory left for it")
    except BrokenPipeError:
        return 0  # `gradloom run … | head` has read what it wanted
    except KeyboardInterrupt:
        return 130


def _refused(sentence: str) -> int:
    print(f"gradloom: {' '.join(sentence.split())}", file=sys.stderr)
    return 2


def _dispatch(words: list[str], known: Mapping[str, str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        print(_help(known), end="")
        return 0
    if words[0] == "--version":
        print(f"gradloom {_version()}")
        return 0
    if words[0] not in known:
        raise GradloomError(f"there is no command “{words[0]}”; the commands are {', '.join(known)}")
    module = import_module(known[words[0]])
    try:
        args = _read(_parser(words[0], module), words[1:])
    except SystemExit as done:  # --help has been printed
        return int(done.code or 0)
    with MEMORY.allowed(MEMORY.limit if args.memory is None else args.memory):
        handled: int = module.handle(args)
    return handled


def _read(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """What the words say. Behind -- none is an option, which argparse forgets where options and others mix."""
    at = words.index("--") if "--" in words else len(words)
    if at and words[at - 1] in _OPTIONS_WITH_VALUE:
        at = len(words)  # the option lacks its value, and that is said
    marked = [f"{_NO_OPTION}{word}" for word in words[at + 1 :]]
    args = parser.parse_intermixed_args([*_joined(words[:at]), *marked])
    for name, value in vars(args).items():
        if isinstance(value, str):
            setattr(args, name, value.removeprefix(_NO_OPTION))
    return args


def _joined(words: list[str]) -> list[str]:
    """`--expr -x` as `--expr=-x`: the value is not an option."""
    result: list[str] = []
    for word in words:
        if result and result[-1] in _OPTIONS_WITH_VALUE and word != "--":
            result[-1] += f"={word}"
        else:
            result.append(word)
    if wrong := next((word for word in result if word.startswith("-") and word.endswith("=--")), None):
        raise GradloomError(f"{wrong.removesuffix('=--')} needs a value, not --")  # of which argparse makes a list
    return result


class Parser(argparse.ArgumentParser):
    """Refuses with an error of ours, where argparse would end the program."""

    def print_help(self, file: Any = None) -> None:
        print(self.format_help(), end="")  # argparse would not say that it could not be printed

    def error(self, message: str) -> NoReturn:
        raise GradloomError(f"{message}; see {self.prog} --help")


def _parser(name: str, module: ModuleType) -> argparse.ArgumentParser:
    first, _, rest = _doc(module).partition("\n")
    parser = Parser(
        prog=f"gradloom {name}",
        description=first,
        epilog=rest.strip("\n"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    parser.add_argument("--memory", metavar="SIZE", type=_memory, help=_MEMORY)
    return parser


def _memory(text: str) -> int:
    try:
        return read_memory(text)
    except ValueError as error:
        raise GradloomError(f"--memory: {error}") from None


def _doc(module: ModuleType) -> str:
    return getdoc(module) or ""


def _help(known: Mapping[str, str]) -> str:
    modules = {name: import_module(path) for name, path in known.items()}
    lines = [f"  gradloom {_usage(name, m)}\n      {_doc(m).splitlines()[0]}" for name, m in modules.items()]
    return _HELP.format(commands="\n".join(lines))


def _usage(name: str, module: ModuleType) -> str:
    places = [action for action in _parser(name, module)._actions if not action.option_strings]
    return " ".join([name, *(str(action.metavar or action.dest) for action in places)])


def _version() -> str:
    from importlib import metadata  # which reads e-mail, and so takes as long to import as all of our commands

    try:
        return metadata.version("gradloom")
    except metadata.PackageNotFoundError:  # run from a bare checkout
        return "from source"
