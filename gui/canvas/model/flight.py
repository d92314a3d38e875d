"""The capsules in flight at a frame: values on their way to the right, gradients on their way to the left. No painting.

Places and boxes are in scene pixels; a box is left, top, right, bottom.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin

import numpy as np

from engine.graph.records import Edge, EdgeKey, Pos
from engine.passes.trace import ForwardStep, SeedStep
from engine.show.frame import Pulse
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import SWEPT, label_text, tone
from gui.look import measure
from gui.look.theme import BODY, CAPTION

HALF = 13.0  # half the height of a capsule
NOSE = 11.0  # how far its point reaches out, to where it goes
SEED_WAY = 92.0  # how far right of the target's output the seed begins
SEED_ARRIVES = 0.8  # when in its step it is there
BUMP = 0.45  # when in its step a stopped pulse hits the closed gate


@dataclass(frozen=True, slots=True)
class Capsule:
    """A number on its way. `shade` is a colour of the theme by its use."""

    at: Pos  # its middle
    text: str
    shade: str
    forward: bool = False
    opacity: float = 1.0

    def box(self, zoom: float) -> tuple[float, float, float, float]:
        """All that it covers."""
        size = readable(zoom, BODY)
        wide, high, (x, y) = (capsule_width(self.text) / 2 + NOSE) * size, HALF * size, self.at
        return (x - wide, y - high, x + wide, y + high)


def readable(zoom: float, size: int) -> float:
    """How much larger what is written in a size is drawn, so that it has 11 pixels on the screen at any zoom."""
    return max(1.0, CAPTION / size / zoom)


def capsule_width(text: str) -> float:
    """The width of a capsule without its nose."""
    return max(measure.width(text, BODY, True) + 22, 2 * HALF + 4)


def ease_out(t: float) -> float:
    """Fast at first, then gently to rest: 1 − (1 − t)²."""
    return 1 - (1 - t) ** 2


def in_flight(stage: Stage, zoom: float) -> Iterator[Capsule]:
    """Every capsule that is on its way at the stage's frame."""
    step, t = stage.frame.step, stage.frame.fraction
    if isinstance(step, ForwardStep):
        yield from _values(stage, step, zoom)
    elif isinstance(step, SeedStep) and t > 0:
        x, y = stage.output_place(step.node)
        x += SEED_WAY * (1 - ease_out(min(t / SEED_ARRIVES, 1.0)))
        yield Capsule((x, y), label_text(step.gradient), tone(step.gradient), False, min(1.0, (1 - t) * 5))
    for pulse in stage.frame.pulses:
        yield _stopped_capsule(stage, pulse) if is_stopped(stage, pulse.edge) else _pulse_capsule(stage, pulse, zoom)


def is_stopped(stage: Stage, edge: Edge) -> bool:
    """Whether a closed gate stops what would travel along an edge."""
    step = stage.frame.trace.contribution(edge.key)
    gate = stage.graph.nodes[edge.dest].op.gate
    return gate and step is not None and step.local is not None and not np.any(step.local)


def _values(stage: Stage, step: ForwardStep, zoom: float) -> Iterator[Capsule]:
    """What was just computed goes along every edge that it feeds; where it arrives it is written beside the edge."""
    sweep = stage.frame.sweeping
    if sweep is None or not 0 < sweep[1] < SWEPT:
        return
    text = label_text(step.value)
    for edge in stage.graph.out_of(step.node):
        if edge.output == step.output:
            first, last = _ends(stage, edge.key, text, zoom)
            share = first + (last - first) * ease_out(sweep[1] / SWEPT)
            yield Capsule(stage.at(edge.key, share), text, "value", True)


def _ends(stage: Stage, key: EdgeKey, text: str, zoom: float) -> tuple[float, float]:
    """Where on its edge a capsule begins and ends: beside one node and beside the other."""
    ends = stage.along(key, np.array([0.0, 1.0]))
    length = float(np.hypot(*(ends[1] - ends[0]))) or 1.0
    room = min((capsule_width(text) / 2 + NOSE) * readable(zoom, BODY) / length, 0.5)
    return room, 1 - room


def _pulse_capsule(stage: Stage, pulse: Pulse, zoom: float) -> Capsule:
    text = label_text(pulse.contribution)
    last, first = _ends(stage, pulse.edge.key, text, zoom)
    place = stage.at(pulse.edge.key, first + (last - first) * ease_out(pulse.t))
    return Capsule(place, text, tone(pulse.contribution))


def _stopped_capsule(stage: Stage, pulse: Pulse) -> Capsule:
    """What comes to a closed gate: it runs against it, falls back a little, and fades."""
    step = stage.frame.trace.contribution(pulse.edge.key)
    assert step is not None
    end_x, end_y = stage.input_place(pulse.edge.dest, pulse.edge.port)
    start_x, start_y = stage.output_place(pulse.edge.dest)
    gate, t = end_x + 40.0, pulse.t
    if t < BUMP:
        share = (t / BUMP) ** 2
        place = (start_x + (gate - start_x) * share, start_y + (end_y - start_y) * share)
        return Capsule(place, label_text(step.upstream), tone(step.upstream))
    place = (gate + 16 * sin(min((t - BUMP) / 0.25, 1.0) * pi / 2), end_y)
    return Capsule(place, label_text(step.upstream), "zero", False, max(0.0, 1 - (t - BUMP) / (1 - BUMP)))
