"""The capsules in flight at a frame: values on their way to the right, gradients on their way to the left. No painting.

Places and boxes are in scene pixels; a box is left, top, right, bottom.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import pi, sin
from typing import NamedTuple

import numpy as np

from engine.graph.records import Edge, Pos
from engine.passes.trace import ForwardStep, SeedStep
from engine.show.frame import Pulse
from engine.values.heat import Heat, kept_heat
from engine.values.values import Value
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import SWEPT, label_text, tone
from gui.look import measure
from gui.look.theme import BODY, CAPTION

MOST_CELLS = 8, 12  # rows and columns of a tensor on its way
WIDEST_MAP, HIGHEST_MAP, WIDEST_CELL, MAP_MARGIN = 60.0, 40.0, 9.0, 6.0
HALF = 13.0  # half the height of a capsule
NOSE = 11.0  # how far its point reaches out, to where it goes
SEED_WAY, LEAST_WAY = 92.0, 30.0  # how far right of the target's output the seed begins; how far it goes at least
SEED_ARRIVES = 0.8  # when in its step it is there
BUMP = 0.45  # when in its step a stopped pulse hits the closed gate
SHARES = np.linspace(0.0, 1.0, 25)  # of an edge: where a capsule may begin and end
MOST_LED = 8  # edges of a node along which a way is looked for: so many capsules hide everything in any case
NEAR_MAPS = 0.5  # the zoom from which on tensors travel as heat maps
TINY = 0.11  # the zoom below which nodes say nothing that could be covered
A_LITTLE = 0.05  # of what it covers: so much a capsule rather stands on its edge

PlateOf = Callable[[str], Box]  # what is seen of a node


@dataclass(frozen=True, slots=True)
class Capsule:
    """A number on its way. `shade` is a colour of the theme by its use."""

    at: Pos  # its middle
    text: str
    shade: str
    forward: bool = False
    opacity: float = 1.0
    heat: Heat | None = None  # of a tensor, which travels as what it is
    lift: float = 0.0  # how far it stands below its edge

    def box(self, zoom: float) -> tuple[float, float, float, float]:
        """All that it covers."""
        size, (x, y) = readable(zoom, BODY), self.at
        wide, high = (half * size for half in capsule_half(self.text, self.heat))
        return (x - wide, y - high, x + wide, y + high)


def readable(zoom: float, size: int) -> float:
    """How much larger what is written in a size is drawn, so that it has 11 pixels on the screen at any zoom."""
    return max(1.0, CAPTION / size / zoom)


def capsule_width(text: str) -> float:
    """The width of a capsule without its nose."""
    return max(measure.width(text, BODY, True) + 22, 2 * HALF + 4)


def capsule_half(text: str, heat: Heat | None) -> tuple[float, float]:
    """Half of all that a capsule covers, with its nose; of a tensor its heat map with its shape above."""
    if heat is None:
        return capsule_width(text) / 2 + NOSE, HALF
    columns, rows = heat.columns, heat.rows
    cell = map_cell(heat)
    wide = max(columns * cell, measure.width(text, CAPTION, True))
    return wide / 2 + MAP_MARGIN + NOSE, rows * cell / 2 + MAP_MARGIN + CAPTION


def map_cell(heat: Heat) -> float:
    """How wide the cells are that travel."""
    return min(WIDEST_MAP / heat.columns, HIGHEST_MAP / heat.rows, WIDEST_CELL)


def kept_in(box: Box, seen: Box | None, lift: float = 0.0) -> Pos:
    """How far a box is to go to be seen whole, if its middle is seen; one that is on its way out goes out gently.

    `seen`: the part of the scene that there is room for; None: all. `lift`: how far it stands below what it belongs to.
    """
    if seen is None:
        return (0.0, 0.0)
    return _way_in(box[0], box[2], seen[0], seen[2]), _way_in(box[1], box[3], seen[1], seen[3], lift)


def _way_in(low: float, high: float, first: float, last: float, lift: float = 0.0) -> float:
    before, behind, most = first - low, high - last, (high - low) / 2 + abs(lift)
    if high - low > last - first or max(before, behind) <= 0:
        return 0.0
    out = max(before, behind)
    way = out if out <= most else max(2 * most - out, 0.0)
    return way if before > 0 else -way


def ease_out(t: float) -> float:
    """Fast at first, then gently to rest: 1 − (1 − t)²."""
    return 1 - (1 - t) ** 2


def in_flight(stage: Stage, zoom: float, plate_of: PlateOf | None = None, seen: Box | None = None) -> Iterator[Capsule]:
    """Every capsule that is on its way at the stage's frame, whole in what is `seen`.

    `plate_of` says how large nodes are seen at the zoom.
    """
    for capsule in _capsules(stage, zoom, plate_of):
        across, down = kept_in(capsule.box(zoom), seen, capsule.lift)
        yield replace(capsule, at=(capsule.at[0] + across, capsule.at[1] + down)) if across or down else capsule


def _capsules(stage: Stage, zoom: float, plate_of: PlateOf | None) -> Iterator[Capsule]:
    plate_of = plate_of or stage.box
    step, t = stage.frame.step, stage.frame.fraction
    if isinstance(step, ForwardStep):
        yield from _values(stage, step, zoom, plate_of)
    elif isinstance(step, SeedStep) and t > 0:
        x, y = stage.output_place(step.node)
        text = label_text(step.gradient)
        rest = (capsule_width(text) / 2 + NOSE) * readable(zoom, BODY)  # beside the card
        x += rest + max(SEED_WAY - rest, LEAST_WAY) * (1 - ease_out(min(t / SEED_ARRIVES, 1.0)))
        yield Capsule((x, y), text, tone(step.gradient), False, min(1.0, (1 - t) * 5))
    pulses = stage.frame.pulses
    for pulse in pulses:
        if is_stopped(stage, pulse.edge):
            yield _stopped_capsule(stage, pulse)
        else:
            yield _pulse_capsule(stage, pulse, zoom, plate_of if len(pulses) <= MOST_LED else None)


def is_stopped(stage: Stage, edge: Edge) -> bool:
    """Whether a closed gate stops what would travel along an edge."""
    if not stage.graph.nodes[edge.dest].op.gate:
        return False
    step = stage.frame.trace.contribution(edge.key)
    return step is not None and step.local is not None and not np.any(step.local)


def _values(stage: Stage, step: ForwardStep, zoom: float, plate_of: PlateOf) -> Iterator[Capsule]:
    """What was just computed goes along every edge that it feeds; where it arrives it is written beside the edge."""
    sweep = stage.frame.sweeping
    if sweep is None or not 0 < sweep[1] < SWEPT:
        return
    edges = [edge for edge in stage.graph.out_of(step.node) if edge.output == step.output]
    tangent = stage.lens.tangent(stage.frame.trace, edges[0]) if edges else None
    text, shade = label_text(step.value), "value"
    if tangent is not None:  # forward mode: it goes along
        text, shade = f"{text} │ {label_text(tangent)}", tone(tangent)
    for edge in edges:
        way = (
            way_of(stage, edge, text, zoom, plate_of)
            if len(edges) <= MOST_LED
            else _straight_way(stage, edge, text, zoom)
        )
        share = way.first + (way.last - way.first) * ease_out(sweep[1] / SWEPT)
        yield Capsule(_lifted(stage.at(edge.key, share), way), text, shade, True, lift=way.lift)


def _pulse_capsule(stage: Stage, pulse: Pulse, zoom: float, plate_of: PlateOf | None) -> Capsule:
    """A gradient on its way; without `plate_of` it is one of so many that no way is looked for."""
    heat = _travelling(pulse.contribution, zoom) if plate_of is not None else None
    text = label_text(pulse.contribution) if heat is None else "×".join(map(str, pulse.contribution.shape))
    way = (
        _straight_way(stage, pulse.edge, text, zoom)
        if plate_of is None
        else way_of(stage, pulse.edge, text, zoom, plate_of, heat)
    )
    if heat is not None and plate_of is not None and way.first == way.last:  # no room for it between the cards
        text, heat = label_text(pulse.contribution), None
        way = way_of(stage, pulse.edge, text, zoom, plate_of)
    share = way.last + (way.first - way.last) * ease_out(pulse.t)
    at = _lifted(stage.at(pulse.edge.key, share), way)
    return Capsule(at, text, tone(pulse.contribution), heat=heat, lift=way.lift)


def _travelling(contribution: Value, zoom: float) -> Heat | None:
    """A tensor in small, from as near as its cells can be told apart."""
    if contribution.ndim == 0 or not contribution.size or zoom < NEAR_MAPS:
        return None
    return kept_heat(contribution, *MOST_CELLS)


class CapsuleWay(NamedTuple):
    """Between which shares of its edge a capsule travels, and how far below it (above: negative)."""

    first: float
    last: float
    lift: float = 0.0


def _lifted(place: Pos, way: CapsuleWay) -> Pos:
    return place[0], place[1] + way.lift


def way_of(stage: Stage, edge: Edge, text: str, zoom: float, plate_of: PlateOf, heat: Heat | None = None) -> CapsuleWay:
    """Where a capsule covers neither of the nodes between which it travels.

    Of an edge that is too short for that, it stands in the middle, or above or below that if there it covers less.
    """
    size = readable(zoom, BODY)
    half = np.array(capsule_half(text, heat)) * size
    spots = stage.along(edge.key, SHARES)
    ends = np.array([plate_of(edge.source), plate_of(edge.dest)])
    free = np.flatnonzero(_covered(spots, half, ends) == 0)
    if len(free):
        return CapsuleWay(float(SHARES[free[0]]), float(SHARES[free[-1]]))
    if zoom < TINY:
        return CapsuleWay(0.5, 0.5)
    return _stand(stage, spots[len(SHARES) // 2], half, plate_of, ends)


def _straight_way(stage: Stage, edge: Edge, text: str, zoom: float) -> CapsuleWay:
    """The same for much less, as if the edge were a straight line between nodes beside each other."""
    route = stage.route(edge.key)
    length = float(np.hypot(*(route[-1, 3] - route[0, 0]))) or 1.0
    room = min((capsule_width(text) / 2 + NOSE) * readable(zoom, BODY) / length, 0.5)
    return CapsuleWay(room, 1 - room)


def _stand(stage: Stage, middle: Array, half: Array, plate_of: PlateOf, ends: Array) -> CapsuleWay:
    """In the middle of an edge, or so far above or below it that less of all nodes about is covered."""
    up, down = ends[:, 1].min() - half[1] - middle[1], ends[:, 3].max() + half[1] - middle[1]
    lifts = np.concatenate([[0.0], np.linspace(0, up, 7)[1:], np.linspace(0, down, 7)[1:]])
    reach = half * 2 + [0, max(-up, down)]
    near = np.flatnonzero(inside(stage.node_boxes, *(middle - reach), *(middle + reach)))
    plates = np.array([plate_of(stage.ids[row]) for row in near]).reshape(-1, 4)
    covered = _covered(middle + np.stack([np.zeros(len(lifts)), lifts], axis=1), half, plates)
    return CapsuleWay(0.5, 0.5, float(lifts[(covered + A_LITTLE * half[0] * np.abs(lifts)).argmin()]))


def _covered(spots: Array, half: Array, boxes: Array) -> Array:
    """How much of some boxes (m, 4) a capsule covers whose middle is at each spot (n, 2)."""
    low, high = (spots - half)[:, None], (spots + half)[:, None]
    shared = np.minimum(high, boxes[None, :, 2:]) - np.maximum(low, boxes[None, :, :2])
    return np.asarray(shared.clip(0).prod(axis=2).sum(axis=1))


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
