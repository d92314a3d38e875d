"""What is made of layers and more: softmax and the classifier that ends in it, residual steps."""

from __future__ import annotations

from dataclasses import replace

from engine.graph.finding.found import Finding, Scene
from engine.graph.finding.neurons import bend_of

MOST_IN_STEP = 8  # layers that a residual step goes round


def find_softmax(scene: Scene, layers: list[Finding]) -> list[Finding]:
    """Softmax made of parts, or of one op; with the layer that it reads it is a classifier, which takes that layer."""
    by_ends = {ends_of_layer(layer): layer for layer in layers if layer.kind == "layer"}
    found = []
    for soft, reads in [*_spelled_out(scene), *_in_one(scene)]:
        scene.take(soft)
        layer = by_ends.get(reads)
        if layer is not None and layer in layers:
            layers.remove(layer)
            rows, parts = (soft.rows, (layer,)) if len(soft.nodes) == 1 else ((), (layer, soft))
            soft = Finding("classifier", "Softmax classifier", rows, parts, soft.end)
        elif len(soft.nodes) == 1:
            continue  # one op by itself
        found.append(soft)
    return found


def ends_of_layer(layer: Finding) -> frozenset[str]:
    """The nodes through which the neurons of a layer speak."""
    return frozenset(part.end for part in layer.parts) or frozenset((layer.end,))


def _in_one(scene: Scene) -> list[tuple[Finding, frozenset[str]]]:
    ids = [id for id in scene.each("softmax", "log_softmax") if scene.fed(id)]
    return [(Finding("softmax", "Softmax", ((id,),), (), id), frozenset(scene.fed(id))) for id in ids]


def _spelled_out(scene: Scene) -> list[tuple[Finding, frozenset[str]]]:
    """e^z over the sum of all e^z."""
    found = []
    for total in scene.each("add"):
        shares = [edge.dest for edge in scene.graph.out_of(total)]
        if not shares or total == scene.graph.target or not all(_is_share(scene, id, total) for id in shares):
            continue
        powers, sums = _summed_powers(scene, total)
        own = [scene.fed(share)[0] for share in shares]
        if len(powers) < 2 or not set(own) <= set(powers) or len(set(own)) != len(own):
            continue
        if any(scene.users(id) != 1 + (id in own) or scene.graph.target == id for id in powers):
            continue
        reads = frozenset(scene.fed(id)[0] for id in powers)
        rows = (tuple(powers), tuple(sums), tuple(shares))
        found.append((Finding("softmax", "Softmax", rows, (), shares[-1]), reads))
    return found


def _is_share(scene: Scene, id: str, total: str) -> bool:
    fed = scene.fed(id)
    return scene.op(id) == "div" and id in scene.free and len(fed) == 2 and fed[1] == total and fed[0] != total


def _summed_powers(scene: Scene, total: str) -> tuple[list[str], list[str]]:
    powers, sums, at = [], [total], 0
    while at < len(sums):
        for source in scene.fed(sums[at]):
            if scene.op(source) == "exp" and source in scene.free and scene.fed(source):
                powers.append(source)
            elif scene.op(source) == "add" and scene.is_inner(source):
                sums.append(source)
            else:
                return [], []
        at += 1
    return (powers, sums) if len(set(powers)) == len(powers) else ([], [])


# --- residual steps


def find_residual_steps(scene: Scene, layers: list[Finding]) -> list[Finding]:
    """Sums of what goes into a layer, or into a few behind each other, and what comes out: they take these layers."""
    home = {end: layer for layer in layers for end in ends_of_layer(layer)}
    reads = {layer.end: _reads(scene, layer) for layer in layers}
    joins: dict[str, dict[str, str]] = {}  # by the end of a layer: its sums, and what each adds to it
    for id in scene.each("add"):
        fed = scene.fed(id)
        if len(fed) == 2 and fed[0] != fed[1]:
            for inner, other in (fed, fed[::-1]):
                if inner in home and scene.users(inner) == 1:
                    joins.setdefault(home[inner].end, {})[id] = other
    steps = []
    for end, added in joins.items():
        step = _step(scene, next(layer for layer in layers if layer.end == end), added, home, reads)
        if step is not None and all(part in layers for part in step.parts):
            for part in step.parts:
                layers.remove(part)
            scene.take(step)
            steps.append(step)
    several = len(steps) > 1
    return [replace(step, title=f"{step.title} {at}") if several else step for at, step in enumerate(steps, 1)]


def _step(
    scene: Scene, last: Finding, added: dict[str, str], home: dict[str, Finding], reads: dict[str, frozenset[str]]
) -> Finding | None:
    ends = ends_of_layer(last)
    through = frozenset(added.values())
    if len(added) != len(ends) or len(through) != len(added) or not added.keys() <= scene.free:
        return None
    chain, at = [last], reads[last.end]
    while at != through:
        before = {home[id].end: home[id] for id in at if id in home}
        if len(before) != 1 or len(chain) == MOST_IN_STEP:
            return None
        (layer,) = before.values()
        inner = ends_of_layer(layer)
        if inner != at or any(edge.dest not in chain[-1].within for id in inner for edge in scene.graph.out_of(id)):
            return None
        chain.append(layer)
        at = reads[layer.end]
    sums = tuple(added)
    bends = tuple(bend for id in sums if (bend := bend_of(scene, id)) is not None)
    rows = (sums, bends) if bends else (sums,)
    return Finding("residual", "Residual step", rows, tuple(reversed(chain)), (bends or sums)[-1])


def _reads(scene: Scene, layer: Finding) -> frozenset[str]:
    """What a layer reads, but for parameters."""
    within = layer.within
    sources = {source for id in within for source in scene.fed(id)} - within
    return frozenset(id for id in sources if scene.op(id) != "parameter")
