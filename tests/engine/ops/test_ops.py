"""Every op in the table, tested without being asked: values, gradients, words, troubles. A new one finds its tests."""

import ast
import string

import numpy as np
import pytest

from engine.errors import GradloomError
from engine.ops.kernel import bind, bind_text, forward_text, rule_text
from engine.ops.op import GROUPS, OPS
from engine.ops.words.table import MATH, NUMPY
from engine.passes.run import run
from engine.passes.trace import ContributionStep
from engine.show.explain import explain
from engine.show.wording import WORDINGS
from engine.truth.differences import gradcheck
from engine.truth.unfinished import find_problems
from tests.building import graph_of
from tests.engine.probing import MISFITS, OWN_SHAPES, accepted_inputs, accepted_shapes, computed, usual, values

ALL = list(OPS.values())
COMPUTED = [op for op in ALL if not op.is_leaf]
TAKES_NUMBERS = [op for op in COMPUTED if ((),) * op.fewest in set(accepted_shapes(op))]


def each_of(ops):
    return pytest.mark.parametrize("op", ops, ids=lambda op: op.name)


each, each_computed, each_that_takes_numbers = each_of(ALL), each_of(COMPUTED), each_of(TAKES_NUMBERS)

# Settings to try beside the defaults: every choice, and another value for a number or a switch.
OTHERS = {
    "slope": [0.3], "alpha": [1.7], "shape": [(-1, 1), (1, -1)],
    "stride": [(1, 2), (2, 1)], "padding": [(1, 1), (1, 0)], "dilation": [(1, 2)], "groups": [2],
    "size": [(1, 3), (2, 1)], "low": [None, -0.5], "high": [None, 0.25], "fill": [-3.0], "eps": [0.1],
    "p": [0.0, 0.25], "seed": [1], "axes": ["last", (1, 0), (2, 0, 1)],
}  # fmt: skip


def variants(op):
    """The defaults, and each setting changed to each of its other values, one at a time."""
    yield {}
    for setting in op.settings:
        is_switch = isinstance(setting.default, bool)
        others = OTHERS.get(setting.name) or setting.choices or [not setting.default] * is_switch
        assert others, f"give values of {setting.name} to try"
        yield from ({setting.name: other} for other in others if other != setting.default)


def node_of(op, inputs, settings=None):
    """A node `n` of the op over leaves a0, a1 …, weighed and added up: each element has a gradient of its own."""
    settings = usual(op, len(inputs)) | (settings or {})
    leaves = [(f"a{i}", "parameter", value) for i, value in enumerate(inputs)]
    shape = bind(op, len(inputs), tuple(sorted(settings.items()))).forward(*inputs).shape
    weights = np.random.default_rng(7).uniform(0.5, 1.5, shape)[()]
    rows = [*leaves, ("n", op.name, [id for id, _, _ in leaves]), ("k", "constant", weights), ("m", "mul", ["n", "k"])]
    return graph_of(*rows, ("L", "sum", ["m"]), target="L", settings={"n": settings, "L": {"axis": "all"}})


def arities(op):
    return [op.fewest, op.fewest + 1] if op.repeats else [op.fewest]


# --- numbers


@each_computed
def test_gradients_agree_with_central_differences_for_all_shapes(op):
    kinds = set()
    for settings in variants(op):
        for arity in arities(op):
            for inputs in accepted_inputs(op, arity, settings, most=24):
                report = gradcheck(node_of(op, inputs, settings))
                shapes = [x.shape for x in inputs]
                assert report.ok and not report.count("undefined"), (settings, shapes, report)
                assert report.count("kink") <= 0.2 * sum(x.size for x in inputs), (settings, shapes)
                kinds.add(max(len(shape) for shape in shapes))
    assert {1, 2} <= kinds or op.name in OWN_SHAPES, "no vectors or no matrices were found that it takes"


MIXES = ("dot", "outer", "einsum", "one_hot", "dropout")


@each_of([op for op in COMPUTED if op.group not in ("loss", "shape") and op.name not in (*MIXES, *OWN_SHAPES)])
def test_batches_are_handled_sample_by_sample(op):
    """All but what mixes the samples by design: row i of the result comes from row i alone."""
    rng = np.random.default_rng(3)
    low, high = op.domain
    batch = [rng.uniform(low, high, (4, 3))] + [rng.uniform(low, high, (3, 3)[i:]) for i in range(1, len(op.ports))]
    batch = [batch[0]] * len(op.ports) if op.repeats else batch
    kernel = bind(op, len(batch), (("axis", -1),) if op.group == "reduce" else ())
    whole = kernel.forward(*batch)
    for i in range(4):
        rows = [x[i] if x.shape == (4, 3) else x for x in batch]
        np.testing.assert_allclose(kernel.forward(*rows), whole[i], rtol=1e-12)


@each_computed
def test_elementwise_ops_and_losses_take_numbers_and_broadcast(op):
    shapes = set(accepted_shapes(op))
    if op.elementwise:
        assert ((),) * op.fewest in shapes
        pairs = {(a, *(b,) * (len(op.ports) - 1)) for a, b in [((2, 3), (3,)), ((2, 1), (1, 3)), ((), (3,))]}
        assert len(op.ports) == 1 or pairs <= shapes
    assert shapes, "it takes nothing"


@each_computed
def test_results_are_float64_and_numbers_are_scalars(op):
    for inputs in accepted_inputs(op):
        y = computed(op, inputs)
        assert y.dtype == np.float64
        assert y.ndim or isinstance(y, np.float64)


@each_computed
def test_backward_needs_no_more_than_forward(op):
    """Whatever shapes the op takes, its backward rules take too, and give contributions in the shape of each input."""
    for settings in variants(op):
        for arity in arities(op):
            for inputs in accepted_inputs(op, arity, settings):
                trace = run(node_of(op, inputs, settings))
                for i, x in enumerate(inputs):
                    gradient = trace.gradient(f"a{i}")
                    assert gradient.shape == x.shape and gradient.dtype == np.float64


@each_computed
def test_the_axes_summed_over_are_those_of_broadcasting(op):
    for inputs in accepted_inputs(op):
        trace = run(node_of(op, inputs))
        for step in trace.steps:
            if isinstance(step, ContributionStep) and step.edge.dest == "n" and step.local is not None:
                source = inputs[step.edge.port].shape
                full = np.broadcast_shapes(step.upstream.shape, step.local.shape, source)
                new = len(full) - len(source)
                stretched = {new + i for i, n in enumerate(source) if n == 1 and full[new + i] != 1}
                assert set(step.axes) == set(range(new)) | stretched


def in_math(op, text, names):
    """A text of the op in plain floats, or None if it says what floats have no word for."""
    tree = ast.parse(text, mode="eval")
    said = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(names)
    return eval(text, dict(MATH), dict(names)) if said <= set(MATH) else None


@each_that_takes_numbers
def test_plain_floats_agree_with_arrays(op):
    spoken = 0
    for settings in variants(op):
        for seed in range(5):
            given = values(op, ((),) * op.fewest, seed)
            names = tuple(f"v{i}" for i in range(len(given)))
            floats = {name: float(x) for name, x in zip(names, given, strict=True)}
            try:
                y = in_math(op, forward_text(op, names, op.defaults | settings), floats)
            except ArithmeticError:
                continue  # then it is computed over arrays
            if y is None:
                continue
            kernel = bind(op, len(given), tuple(settings.items()))
            assert y == pytest.approx(float(np.sum(kernel.forward(*given))), rel=1e-14)
            for port, pull in enumerate(kernel.vjps):
                text, is_local = rule_text(op, port, names, "y", "g", op.defaults | settings)
                try:
                    ours = in_math(op, text, floats | {"y": y, "g": 1.5})
                except ArithmeticError:
                    continue
                extra = () if is_local else (np.float64(1.5),)
                theirs = 1.0 if pull.call is None else pull.call(*given, np.float64(y), *extra)
                assert ours == pytest.approx(float(theirs), rel=1e-13)
            spoken += 1
    assert spoken or not op.elementwise, "an elementwise op must be sayable in plain floats"


def test_the_vocabulary_is_small_and_all_of_it_is_used():
    texts = [text for op in COMPUTED for text in (op.forward, *op.local, *op.vjp, op.kink) if text]
    texts += [setting.written(choice) for op in COMPUTED for setting in op.settings for choice in setting.choices]
    said = {node.id for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert set(NUMPY) <= said | {"cos", "backwards", "listed", "floor", "inf"}
    assert set(MATH) <= set(NUMPY)
    assert len(NUMPY) <= 100


@each_of([op for op in COMPUTED if op.elementwise and (op.group == "activation" or op.kink)])
def test_a_kink_lies_where_the_one_sided_slopes_differ(op):
    """Declared corners are corners; and an op whose slopes jump anywhere between two probes has declared one."""
    x = np.linspace(-1, 1, 4001)
    others = [np.full_like(x, 0.25)] * (len(op.ports) - 1)
    y = bind(op, len(op.ports)).forward(x, *others)
    jumps = np.abs(np.diff(np.diff(y) / np.diff(x))) > 0.1
    if not op.kink:
        assert not jumps.any()
        return
    side = np.sign(bind_text(op, op.kink, len(op.ports))(x, *others))
    corners = set(np.flatnonzero(np.diff(side)))
    assert all(any(abs(int(at) + 1 - int(c)) <= 1 for c in corners) for at in np.flatnonzero(jumps))


# --- troubles


@pytest.mark.parametrize(("op", "trouble"), [(op, trouble) for op in COMPUTED for trouble in op.troubles])
def test_the_trouble_sentence_fires_on_its_example(op, trouble):
    inputs = [np.float64(x) for x in trouble.example]
    leaves = [(f"a{i}", "input", x) for i, x in enumerate(inputs)]
    graph = graph_of(*leaves, ("n", op.name, [id for id, _, _ in leaves]), target="n")
    [problem] = [p for p in find_problems(graph, run(graph)) if p.kind == "non-finite"]
    assert problem.ids == ("n",)
    assert trouble.sentence in problem.sentence and problem.remedy == trouble.remedy
    kind = op.title
    assert kind in problem.sentence


@each_that_takes_numbers
def test_ops_that_leave_the_finite_numbers_say_why(op):
    """For small and moderate numbers a result that is not finite is explained by the op's own trouble."""
    for given in np.ndindex(*(5,) * op.fewest):
        inputs = [np.float64([-2.5, -1, 0, 1, 3][i]) for i in given]
        with np.errstate(all="ignore"):
            y = bind(op, len(inputs)).forward(*inputs)
            if not np.all(np.isfinite(y)):
                assert any(bind_text(op, t.when, len(inputs))(*inputs) for t in op.troubles), (op.name, inputs)


# --- words


def braces_left(text):
    return "{" in text or "}" in text


@each_computed
@pytest.mark.parametrize("wording", WORDINGS)
def test_words_render_on_every_port_for_numbers_and_tensors(op, wording):
    dims = set()
    for inputs in accepted_inputs(op, arities(op)[-1], most=25):
        graph = node_of(op, inputs)
        trace = run(graph)
        dims.add(max(x.ndim for x in inputs))
        for step in trace.steps:
            if isinstance(step, ContributionStep) and step.edge.dest == "n":
                said = explain(graph, trace, step, wording)
                for text in (said.why, said.caption, said.heading, said.numbers):
                    assert text.strip() and not braces_left(text)
                    assert "nan" not in text and "None" not in text
                assert said.why.rstrip().endswith((".", "!"))
    assert len(dims) > 1 or op.name in (*OWN_SHAPES, "einsum")


@each_computed
def test_both_wordings_use_their_own_word(op):
    inputs = list(accepted_inputs(op))[-1]
    graph = node_of(op, inputs)
    trace = run(graph)
    step = next(s for s in trace.steps if isinstance(s, ContributionStep) and s.edge.dest == "n")
    why = explain(graph, trace, step, "responsibility").why
    assert "gradient" not in why.replace("gradients are summed", "")
    assert why != explain(graph, trace, step, "gradient").why


@each
def test_it_is_declared_whole(op):
    assert op.title and op.tooltip.rstrip().endswith(".")
    assert 1 <= len(op.symbol) <= 4
    assert op.group in GROUPS
    if not op.is_leaf:
        assert bool(op.local) != bool(op.vjp)
        assert len(op.local or op.vjp) in (1, len(op.ports)) or op.repeats
        assert op.gradient and op.responsibility and op.latex
        assert op.domain[0] < op.domain[1]
    for trouble in op.troubles:
        assert trouble.remedy.endswith(".") and len(trouble.example) == len(op.ports)


@each_computed
def test_its_latex_formats(op):
    for settings in variants(op):
        fitting = (accepted_inputs(op, arity, settings) for arity in reversed(arities(op)))
        inputs = next(given for inputs in fitting for given in inputs)
        graph = node_of(op, inputs, settings)
        trace = run(graph)
        for step in trace.steps:
            formula = explain(graph, trace, step).formula
            assert formula and formula.count("{") == formula.count("}")
    names = {field for _, field, _, _ in string.Formatter().parse(op.latex) if field}
    assert names and names <= set(op.ports)


def test_names_and_aliases_are_unique():
    names = [name for op in ALL for name in dict.fromkeys((op.name, *op.aliases))]
    assert len(names) == len(set(names))
    assert {"Σ", "@", "σ"} <= {op.symbol for op in ALL}
    symbols = [op.symbol for op in ALL]
    assert len(symbols) == len(set(symbols))


def test_the_ops_that_were_asked_for_are_there():
    asked = """input parameter constant add sub mul div neg pow square exp log max min relu sigmoid tanh
    sqrt abs sin cos leaky_relu elu gelu softplus matmul linear dot transpose reshape concat sum mean
    softmax log_softmax squared_error mse mae bce bce_with_logits cross_entropy hinge"""
    assert set(asked.split()) <= set(OPS)


def test_a_misfit_is_a_run_error_with_both_shapes():
    for op in COMPUTED:
        for shapes in [((2, 3), (4, 5), (7,)), ((3,), (4,), (5,))]:
            inputs = values(op, shapes[: op.fewest])
            try:
                with np.errstate(all="ignore"):
                    bind(op, len(inputs)).forward(*inputs)
            except MISFITS:
                leaves = [(f"a{i}", "input", x) for i, x in enumerate(inputs)]
                graph = graph_of(*leaves, ("n", op.name, [id for id, _, _ in leaves]), target="n")
                with pytest.raises(GradloomError) as refused:
                    run(graph)
                assert all(str(x.shape) in refused.value.sentence for x in inputs), refused.value.sentence
                assert refused.value.ids == ("n",)
