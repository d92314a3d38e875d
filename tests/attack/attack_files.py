"""Files that are spoilt in their structure or in their bytes."""

from __future__ import annotations

import json
from random import Random

from engine.errors import FileError
from engine.files.codec import decode
from tests.attack import mutate, oracle
from tests.attack.graphs import some_record

TRIES = "A spoilt file is refused in a clean sentence that says where, or opens and can be saved, run and shown."


def start() -> None:
    oracle.strict()


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
