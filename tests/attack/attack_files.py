"""Files that are spoilt in their structure or in their bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

from engine.data.access import allow_data
from engine.errors import FileError
from engine.files.codec import decode
from tests.attack import mutate, oracle
from tests.attack.graphs import some_record

TRIES = "A spoilt file is refused in a clean sentence that says where, or opens and can be saved, run and shown."


def start() -> None:
    oracle.strict()
    if hasattr(os, "mkfifo") and not os.path.exists("fifo"):
        os.mkfifo("fifo")
    Path("x.csv").write_text("a,b\n1,2\n3,x\n", "utf-8")
    allow_data("/")  # everything may be read: the window asks first, a command line has --allow-data


def make(random: Random) -> bytes:
    tree = some_record(random)
    if random.random() < 0.85:
        tree = mutate.record(random, tree)
    data = mutate.json_text(tree).encode("utf-8", "surrogatepass")
    return mutate.raw(random, data) if random.random() < 0.25 else data


def check(data: bytes) -> None:
    try:
        graph = decode(data)
    except FileError as error:
        oracle.refusal(error)
        if error.where.startswith("$"):
            oracle.points_into(error, json.loads(data.decode("utf-8-sig")))
        return
    oracle.round_trip(graph)
    oracle.lives(graph, Random(data))
