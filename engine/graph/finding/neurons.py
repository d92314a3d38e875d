"""Neurons, and layers of them: sums of weighted inputs with a bias or none, and what bends them.

term      what a sum is made of, its nested sums taken apart
product   a term that is a weight times something: the weight is a leaf that serves it alone, or a shared parameter
layer     neurons that read the same and bend it the same way; or that share their weights, and read none of each other
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.graph.finding.found import Finding, Scene

FEWEST_TERMS = 2


@dataclass(frozen=True)
class Neuron:
    """A neuron: its nodes by role, what it reads, and the node that it speaks through. `shared`: weights that serve
    others too, and so are in no group."""

    weights: tuple[str, ...]
    shared: tuple[str, ...]
    bias: tuple[str, ...]
    products: tuple[str, ...]
    sums: tuple[str, ...]
    bend: str | None
    reads: frozenset[str]
    end: str

    def found(self, scene: Scene) -> Finding:
        rows = (self.weights + self.bias, self.products, self.sums, (self.bend,) if self.bend else ())
        return Finding("neuron", f"Neuron {scene.node(self.end).name}", tuple(row for row in rows if row), end=self.end)


def find_layers(scene: Scene) -> list[Finding]:
    """All layers and lone neurons, in the order in which they compute; of tensors too. Their nodes are taken."""
    rows, alone = _rows(scene, _neurons(scene))
    found = [[neuron.found(scene) for neuron in row] for row in rows]
    tensors = _tensor_layers(scene)
    several = any(len(row) > 1 for row in found) or bool(tensors)
    made = [*tensors, *(_layer(parts) if several else parts[0] for parts in found)]
    made += [neuron.found(scene) for neuron in alone]
    made.sort(key=lambda each: scene.order[each.end])
    made = [_numbered(each, at) for at, each in enumerate(made, 1)]
    for each in made:
        scene.take(each)
    return made


def _rows(scene: Scene, neurons: list[Neuron]) -> tuple[list[list[Neuron]], list[Neuron]]:
    """Which neurons are layers, and which stand alone: those that share their weights step by step, as in time."""
    rows: dict[tuple[frozenset[str], str], list[Neuron]] = {}
    for neuron in neurons:
        same = frozenset(neuron.shared) or neuron.reads
        rows.setdefault((same, scene.op(neuron.bend) if neuron.bend else ""), []).append(neuron)
    alone = []
    for key, row in list(rows.items()):
        ends = {neuron.end for neuron in row}
        if row[0].shared and any(neuron.reads & ends for neuron in row):
            alone += rows.pop(key)
    return list(rows.values()), alone


def _layer(parts: list[Finding]) -> Finding:
    return Finding("layer", "", (), tuple(parts), parts[-1].end)


def _numbered(found: Finding, number: int) -> Finding:
    return found if found.kind != "layer" else Finding("layer", f"Layer {number}", found.rows, found.parts, found.end)


# --- neurons


@dataclass
class _Sum:
    """What a sum is made of, nested sums taken apart: how many products and biases, and whether it is nothing else."""

    products: int = 0
    biases: int = 0
    clean: bool = True

    @property
    def is_neuron(self) -> bool:
        return self.clean and self.products >= 1 and self.biases <= 1 and self.products + self.biases >= FEWEST_TERMS


def _neurons(scene: Scene) -> list[Neuron]:
    weights = {id: weight for id in scene.each("mul") if (weight := _weight(scene, id)) is not None}
    sums: dict[str, _Sum] = {}
    for id in scene.each("add"):
        sums[id] = _summed(scene, id, weights, sums)
    inner: set[str] = set()
    found = []
    for id in reversed(list(sums)):
        if id in inner or not sums[id].is_neuron:
            continue
        neuron = _neuron(scene, id, weights)
        if neuron is None:
            continue
        inner.update(neuron.sums)
        found.append(neuron)
    return found[::-1]


def _weight(scene: Scene, id: str) -> str | None:
    """The weight of a product that serves a sum: a parameter, which may serve others too, or a leaf of its own."""
    fed = scene.fed(id)
    if len(fed) != 2 or fed[0] == fed[1] or not scene.is_inner(id):
        return None
    own = [source for source in fed if scene.is_own_leaf(source) and scene.op(source) != "constant"]
    named = [source for source in own if scene.op(source) == "parameter"]
    if len(named) == 1:
        return named[0]
    shared = [source for source in fed if scene.op(source) == "parameter" and source in scene.free]
    if not named and len(shared) == 1:
        return shared[0]
    if len(own) == 2:
        called = [source for source in own if source.lower().startswith("w")]
        return called[0] if len(called) == 1 else None
    return own[0] if len(own) == 1 and own[0].lower().startswith("w") else None


def _summed(scene: Scene, id: str, weights: dict[str, str], sums: dict[str, _Sum]) -> _Sum:
    whole = _Sum()
    for source in scene.fed(id) or ("",):
        if source in weights:
            whole.products += 1
        elif source in sums and scene.is_inner(source):
            part = sums[source]
            whole.products, whole.biases = whole.products + part.products, whole.biases + part.biases
            whole.clean = whole.clean and part.clean
        elif source and _is_bias(scene, source):
            whole.biases += 1
        else:
            whole.clean = False
    return whole


def _is_bias(scene: Scene, id: str) -> bool:
    """A parameter or a constant; an input only if it serves this sum alone and is called like a weight or bias."""
    return scene.op(id) in ("parameter", "constant") or (scene.is_own_leaf(id) and id[0].lower() in "wb")


def _neuron(scene: Scene, root: str, weights: dict[str, str]) -> Neuron | None:
    """The neuron of a sum; None where one weight stands in it twice."""
    sums, products, bias = [root], [], []
    at = 0
    while at < len(sums):
        for source in scene.fed(sums[at]):
            if source in weights:
                products.append(source)
            elif scene.op(source) == "add" and not scene.is_leaf(source):
                sums.append(source)
            elif scene.is_own_leaf(source):
                bias.append(source)
        at += 1
    bend = bend_of(scene, root)
    reads = frozenset(source for id in products for source in scene.fed(id) if source != weights[id])
    every = tuple(weights[id] for id in products)
    if len(set(every)) < len(every):
        return None
    own = tuple(id for id in every if scene.is_own_leaf(id))
    shared = tuple(id for id in every if id not in own)
    return Neuron(own, shared, tuple(bias), tuple(products), tuple(reversed(sums)), bend, reads, bend or root)


def bend_of(scene: Scene, root: str) -> str | None:
    """The activation that alone a sum feeds."""
    if not scene.is_inner(root):
        return None
    dest = scene.graph.out_of(root)[0].dest
    return dest if dest in scene.free and scene.node(dest).op.group == "activation" else None


# --- layers of tensors


def _tensor_layers(scene: Scene) -> list[Finding]:
    """`linear`, or a matrix product with a parameter and perhaps a bias added, and what bends it."""
    found = []
    for id in [*scene.each("linear"), *scene.each("matmul", "dot")]:
        fed = scene.fed(id)
        own = tuple(source for source in fed[-2:] if source in scene.free and scene.op(source) == "parameter")
        own = tuple(source for source in own if scene.users(source) == 1)
        if not own or id not in scene.free:
            continue
        root, bias = (id, ()) if scene.op(id) == "linear" else _biased(scene, id)
        bend = bend_of(scene, root)
        middle = (id,) if root == id else (id, root)
        rows = (own + bias, *((each,) for each in middle), *(((bend,),) if bend else ()))
        found.append(Finding("layer", "", rows, (), bend or root))
    return found


def _biased(scene: Scene, id: str) -> tuple[str, tuple[str, ...]]:
    """The sum of a matrix product and a bias, with the bias; or the product itself."""
    if not scene.is_inner(id):
        return id, ()
    dest = scene.graph.out_of(id)[0].dest
    others = [source for source in scene.fed(dest) if source != id]
    if scene.op(dest) != "add" or dest not in scene.free or len(others) != 1 or scene.op(others[0]) != "parameter":
        return id, ()
    return dest, tuple(others) if scene.is_own_leaf(others[0]) else ()
