"""Pictures and films: small ones of any graph, with options that fit and that do not."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtGui import QImageReader

from engine import cli, commands
from engine.files.codec import encode, to_record
from gui.pictures import commands as drawing
from tests.attack import attack_command, oracle
from tests.attack.attack import Broken
from tests.attack.graphs import some_graph
from tests.attack.mutate import json_text, record

TRIES = "Any picture or film is written whole, of the size that was asked for, or not at all, with a sentence."
MEMORY = None  # Qt maps what it may need
HANG = 8.0  # a few frames of a graph of some hundred words
QUICK = False

KNOWN = cli.commands_in(commands, drawing)
STILLS, FILMS = ("png", "svg", "pdf"), ("gif", "webp", "mp4")
EXAMPLES = ("neuron", "add", "micrograd", "fan-out", "relu-open")
SIZES = ("16x16", "64x48", "120x90", "33x17", "97×31")
ODD_SIZES = ("0x0", "15x16", "16", "x", "-1x20", "1e3x20", "99999x99999", "٣x٤", "20x20x20", "")
STARTS = {  # what each kind of file begins with
    "png": (b"\x89PNG",), "svg": (b"<?xml", b"<svg"), "pdf": (b"%PDF",), "gif": (b"GIF8",), "webp": (b"RIFF",), "mp4": (b"\0\0\0",)
}  # fmt: skip


def start() -> None:
    oracle.strict()


def make(random: Random) -> bytes:
    ending = random.choice((*STILLS, *STILLS, *FILMS))
    source, files = _source(random)
    words = ["render", source, f"o.{ending}", *_size(random), *_pace(random, ending), *_looks(random)]
    if random.random() < 0.1:
        words[2] = random.choice(("o", "o.bmp", "no/such/o.png", "o.PNG", ".", "o.tar.gz", "é\n.svg", "-", ""))
    if random.random() < 0.05:
        words.insert(random.randrange(3, len(words) + 1), random.choice(("--nope", "-", "--", "\ud800", "--at")))
    return json.dumps({"words": words, "files": files}).encode()


def _source(random: Random) -> tuple[str, dict[str, str]]:
    if random.random() < 0.3:
        return random.choice((*EXAMPLES, "nope")), {}
    graph = some_graph(random)
    whole = random.random() < 0.8
    return "s.gradloom", {"s.gradloom": encode(graph) if whole else json_text(record(random, to_record(graph)))}


def _size(random: Random) -> list[str]:
    """Small, whatever it is: a scale only of a small graph is small, so most have a size."""
    kind = random.random()
    if kind < 0.75:
        return ["--size", random.choice(SIZES)]
    if kind < 0.85:
        return [f"--size={random.choice(ODD_SIZES)}"]
    return ["--scale", random.choice(("0.05", "0.1", "0.2", "0", "-1", "nan", "inf", "1e-9", "101", "abc"))]


def _pace(random: Random, ending: str) -> list[str]:
    """A film of few frames, nearly always: fast, and one frame a second."""
    words = ["--at", _position(random)] if random.random() < 0.6 else []
    if ending in FILMS:
        words += ["--speed", random.choice(("64", "64", "64", "63.5", "0", "-1", "nan", "65"))]
        words += ["--fps", random.choice(("1", "1", "2", "3", "0", "61", "1.5"))]
    return words


def _position(random: Random) -> str:
    return random.choice(
        ("start", "backward", "end", "0", "1", "2.5", "7.25", "-1", "nan", "1e9", "inf", "", "½", "0x1")
    )


def _looks(random: Random) -> list[str]:
    words = []
    if random.random() < 0.4:
        words += ["--theme", random.choice(("light", "dark", "dark", "pink"))]
    if random.random() < 0.3:
        words += ["--wording", random.choice(("gradient", "responsibility", "none"))]
    words += [random.choice(("--captions", "--no-captions"))] * (random.random() < 0.4)
    words += ["--transparent"] * (random.random() < 0.2)
    return words


def check(data: bytes) -> None:
    case = json.loads(data)
    for path in Path().iterdir():  # of a case before
        path.unlink()
    for name, text in case["files"].items():
        Path(name).write_bytes(text.encode("utf-8", "surrogatepass"))
    code, out, err = attack_command.run(case["words"], "", KNOWN)
    attack_command.judge(case["words"], code, out, err)
    _judge_file(case["words"], code)
    left = [path for path in Path().iterdir() if path.name not in case["files"]]
    if code != 0 and left:
        raise Broken("something is left of a picture that was refused") from ValueError(f"{case['words']!r}: {left}")


def _judge_file(words: list[str], code: Any) -> None:
    """What was written is a file of its kind, and its picture of the size that was asked for."""
    path = Path(words[2])
    ending = path.suffix.removeprefix(".").lower()
    if code != 0 or {"-h", "--help"} & set(words):
        return
    about = ValueError(repr(words))
    if not path.is_file() or not path.read_bytes().startswith(STARTS.get(ending, ())):
        raise Broken("a picture was not written, or is of another kind") from about
    if ending in ("png", "gif", "webp") and "--size" in words:
        wide, high = map(int, words[words.index("--size") + 1].replace("×", "x").split("x"))
        found = QImageReader(str(path)).size()
        if (found.width(), found.height()) != (wide, high):
            raise Broken("a picture is of another size than was asked for") from about
