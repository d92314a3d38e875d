"""What is pasted: fragments, programs, what other programs copy, and heaps of text."""

from __future__ import annotations

import json
from random import Random

from engine import edits
from engine.errors import GradloomError
from engine.export import export_graph
from engine.files.codec import encode
from engine.files.open import read_pasted, with_values
from engine.session import Session
from tests.attack import attack_text, mutate, oracle
from tests.attack.attack import Broken
from tests.attack.graphs import shipped, some_graph, some_record

TRIES = "What is pasted becomes nodes in one undo step, or nothing changes and a clean sentence says why."
HANG = 5.0  # of reading, pasting, saving and stepping through it together; in the window the first two are jobs

FOREIGN = (
    '<html><body><b>x</b> = <i>3</i></body></html>', '{"nodes": [], "edges": []}', '{"cells": [{"source": ["x = 1"]}]}',
    "{\\rtf1\\ansi x = 3}", "x\ty\tz\n1\t2\t3\n", "x,y\n1,2\n", "file:///etc/passwd", "https://example.org/x?y=1", "digraph { a -> b }",
    "graph LR\n a --> b", "\\frac{a}{b}", "$$x^2$$", "```python\nx = 3\ny = x**2\n```", ">>> x = 3\n>>> y = x**2\n9", "In [1]: x = 3",
    "x = 3\r\ny = x * 2\r\n", "\ufeffx = 3", "  x = 3\n  y = x", "def f(x): return x", "SELECT * FROM x", "[1, 2, 3]", "1 2 3", "{}", "{", "",
    "1,5", "½", "x²", "２ * x", "3 × y − 2", "−3", "𝑥 + 𝑦", "\x1b[31mx\x1b[0m", "%PDF-1.4", "x = input()", "__import__('os').system('true')",
)  # fmt: skip


def start() -> None:
    oracle.strict()


def make(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.45:
        text = mutate.json_text(mutate.record(random, some_record(random)))
    elif kind < 0.6:
        text = encode(some_graph(random))
    elif kind < 0.75:
        return attack_text.make(random)
    elif kind < 0.85:
        text = mutate.words(random, random.choice(FOREIGN), attack_text.WORDS)
    elif kind < 0.853:
        text = random.choice(("x = 3\n", "{", "x+", " ", "\n", '{"op"', "a b ", "é")) * random.choice(
            (1000, 20_000, 300_000)
        )
    else:
        text = random.choice(FOREIGN)
    data = text.encode("utf-8", "surrogatepass")
    return mutate.raw(random, data) if random.random() < 0.2 else data


def check(data: bytes) -> None:
    text, random = data.decode("utf-8", "replace"), Random(data)
    before = random.choice(shipped())
    session = Session(before)
    try:
        fragment, _ = with_values(read_pasted(text))
        offset = (random.uniform(-1e4, 1e4), random.uniform(-1e4, 1e4))
        session.edit(lambda graph: edits.paste(graph, fragment, offset))
    except GradloomError as error:
        oracle.refusal(error)
        if session.document.graph is not before:
            raise Broken("a refused paste changed the graph") from error
        return
    after = session.document.graph
    oracle.round_trip(after)
    oracle.lives(after, random)
    _copies(session)
    session.undo()
    if not oracle.same(before, session.document.graph):
        raise Broken("undo does not take all of a paste back")


def _copies(session: Session) -> None:
    """What is copied can be pasted again."""
    graph = session.document.graph
    part = edits.cut_out(graph, list(graph.nodes)[::2])
    text = str(export_graph(part, "gradloom"))
    if json.loads(text) and not oracle.same(part, read_pasted(text)) and part.nodes:
        raise Broken("what is copied is not what is pasted")
