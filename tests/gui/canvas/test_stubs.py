"""Looked into a group: what its stubs say of what comes in, what goes out, and what comes back."""

from __future__ import annotations

import numpy as np

import engine
from engine import edits
from engine.layout.shown import shown_of
from engine.session import Session
from engine.show.shown_run import shown_frame
from gui.canvas.model.card_texts import picture_of

PROGRAM = """
x = 1.5
w = param(-2.0)
a = x * w
h = tanh(a)
p = h * 3.0
q = h * h
L = p + q
"""


def test_what_leaves_a_group_and_comes_back_stands_on_the_stub_at_each_step() -> None:
    graph = engine.parse(PROGRAM)
    graph = graph.apply(edits.make_group(graph, ["w", "a", "h"], (), "Neuron"))
    (group,) = graph.groups
    now, shown = Session(graph).now, shown_of(graph, group)
    (goal,) = [id for id, facts in shown.cover.cards.items() if facts.kind == "goal"]

    def said(done: int) -> tuple[str, str]:
        frame = shown_frame(now.frame.at(done), shown)
        picture = picture_of(shown.graph, frame, goal, "gradient")
        assert (picture.value_caption, picture.gradient_caption, picture.word) == ("takes", "sends", "to outside")
        return picture.value, picture.gradient

    h = np.tanh(1.5 * -2.0)
    whole = 3.0 + 2 * h
    steps = len(now.trace.steps)
    assert said(0) == ("…", "…")
    assert said(steps) == (f"{h:.4g}".replace("-", "−"), f"{whole:.4g}".replace("-", "−"))
    told = [said(done) for done in range(steps + 1)]
    waiting = [gradient for _, gradient in told if gradient.endswith(" + …")]
    assert waiting, "while more is to come, it says so"
    assert shown.graph.nodes[goal].name == "p, q"
