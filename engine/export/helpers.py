"""The functions that a generated NumPy program needs beside NumPy's own, copied from `helpers.txt` as they stand.

That file is Python, but shipped as data: it is there in a build without sources, too. It must agree with
`engine.ops.words.arrays`; a test holds the two together.
"""

import re
from functools import cache
from importlib.resources import files

UNBROADCAST = "unbroadcast"


@cache
def helpers() -> dict[str, str]:
    """Name → definition, each after those that it uses."""
    blocks = files("engine.export").joinpath("helpers.txt").read_text("utf-8").strip().split("\n\n\n")
    return {re.split(r"[ (=]", block.removeprefix("def "))[0]: block for block in blocks}


def helper_sources(program: str) -> str:
    """The definitions of all helpers that `program` calls, and that these call, ready to be put before it."""
    calling, needed = program, ""
    for name, definition in reversed(helpers().items()):
        if re.search(rf"(?<![.\w]){name}\(", calling):
            calling += definition
            needed = f"{definition}\n\n\n{needed}"
    return needed.rstrip()
