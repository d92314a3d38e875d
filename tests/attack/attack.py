"""What an attack is: a module `attack_NAME.py` with a sentence and a case, or its own `run`; and what it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parent
CORPUS = FOLDER / "corpus"
PREFIX = "attack_"
HANG = 2.0  # seconds of a case, unless the attack says otherwise
MEMORY = 3 << 30  # bytes of address space of a worker, unless the attack says otherwise


class Broken(Exception):
    """A case that shows a defect, in a sentence. `data`: a better input than the one that was made, if there is one."""

    def __init__(self, sentence: str, data: bytes | None = None) -> None:
        super().__init__(sentence)
        self.data = data


@dataclass(frozen=True)
class Options:
    """What a run was asked for. `cases` is the number at which it ends, if that comes before the time."""

    minutes: float = 1.0
    cases: int | None = None
    seed: str = "0"
    workers: int = 1
    corpus: Path = CORPUS


@dataclass
class Failed:
    """One failing case, or several that failed in the same way."""

    sentence: str
    case: str = ""  # its seed and number, or the name of its file in the corpus
    detail: str = ""  # the traceback, or what there is of it
    saved: str = ""  # where its input lies
    times: int = 1


@dataclass
class Report:
    """What came of an attack: a row of the table. `said` holds figures of its own (“at most 1.4 s lost”)."""

    attack: str
    cases: int = 0
    failures: list[Failed] = field(default_factory=list)
    seconds: float = 0.0
    worst: float = 0.0  # seconds of the slowest case
    said: str = ""

    def as_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_record(cls, record: dict[str, Any]) -> Report:
        return cls(**{**record, "failures": [Failed(**failed) for failed in record["failures"]]})

    @property
    def failed(self) -> int:
        return sum(failed.times for failed in self.failures)


class Attack:
    """A module seen as an attack.

    It has `TRIES` (one sentence) and either `make(random) -> bytes` with `check(bytes)`, or `run(options) -> Report`.
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self.name = module.rpartition(".")[2].removeprefix(PREFIX)
        self._code: ModuleType = import_module(module)
        self.tries: str = self._code.TRIES
        self.hang = float(getattr(self._code, "HANG", HANG))
        self.memory: int | None = getattr(self._code, "MEMORY", MEMORY)
        self.per_case = int(getattr(self._code, "PER_CASE", 1))
        self.quick = bool(getattr(self._code, "QUICK", True))
        self.minutes = float(getattr(self._code, "MINUTES", 1.0))
        self.only_named = bool(getattr(self._code, "ONLY_NAMED", False))
        by_itself = None if hasattr(self._code, "check") else self._code.run
        self.run: Callable[[Options], Report] | None = by_itself

    def start(self) -> None:
        """Once in each worker, before the first case."""
        getattr(self._code, "start", lambda: None)()

    def absent(self) -> str:
        """Why it cannot be run here, or nothing."""
        return str(getattr(self._code, "absent", lambda: "")())

    def make(self, random: Random) -> bytes:
        return bytes(self._code.make(random))

    def check(self, data: bytes) -> None:
        """Nothing, if all is well. Raises Broken, or whatever came out of the program."""
        self._code.check(data)


def attacks(folder: Path = FOLDER) -> dict[str, str]:
    """Name → module of the attacks in a folder of `tests`: every file called `attack_NAME.py`."""
    package = ".".join(("tests", *folder.relative_to(FOLDER.parent).parts))
    files = sorted(folder.glob(f"{PREFIX}*.py"))
    return {path.stem.removeprefix(PREFIX): f"{package}.{path.stem}" for path in files}
