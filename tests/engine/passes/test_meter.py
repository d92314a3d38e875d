"""What a run may take: refused before it is made, named, and everything else as it was."""

import tracemalloc

import numpy as np
import pytest

from engine import edits, parse
from engine.errors import RunError
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan, without_target
from engine.passes.run import run, trace_of
from engine.session import Session
from engine.values.memory import MEMORY, USUAL, memory_text, read_memory

MB = 2**20
GROWING = {
    "outer": "a = ones(1500); y = outer(a, a)",
    "broadcast": "a = ones(1500, 1); b = ones(1, 1500); y = a * b",
    "matmul": "a = ones(1500, 1); y = a @ a.T",
    "einsum": "a = ones(1500); y = einsum('i,j->ij', a, a)",
    "index": "a = ones(2, 50000); y = a[[" + ", ".join(["0"] * 100) + "]]",
    "concat": "a = ones(50000); " + "; ".join("a = concat(a, a, axis=0)" for _ in range(7)),
    "loss": "a = ones(1500, 1); b = ones(1500); y = mse(a, b)",
}


def traced(text):
    graph = parse(text)
    return graph, trace_of(make_plan(graph), leaf_values(graph))


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING)
def test_what_would_take_too_much_is_refused_before_it_is_made(text):
    graph = parse(text)
    plan = make_plan(graph)
    with MEMORY.allowed(8 * MB):
        tracemalloc.start()
        try:
            trace = trace_of(plan, leaf_values(graph))
            assert tracemalloc.get_traced_memory()[1] < 12 * MB
        finally:
            tracemalloc.stop()
        kinds = {problem.kind: problem for problem in Session(graph).now.problems}
    (node, sentence), *_ = trace.too_large.items()
    assert trace.value(node) is None or trace.plan.target is None
    assert "would need" in sentence and "all values together may take 8 MB" in sentence
    assert kinds["too large"].ids == (node,) and "--memory" in kinds["too large"].remedy


def test_what_comes_behind_it_waits_and_what_does_not_is_computed():
    _, trace = traced("a = ones(9000); y = outer(a, a); z = sum(y); w = a * 2; v = sum(w)")
    assert trace.value("z") is None and float(trace.value("v")) == 18000
    assert list(trace.too_large) == ["y"] == list(trace.failures)


def test_the_sentence_names_node_need_and_limit():
    _, trace = traced("a = ones(20000); y = outer(a, a)")
    assert trace.failures["y"] == "y would need 2.98 GB; all values together may take 256 MB (Outer product)."


def test_gradients_that_would_take_too_much_leave_the_forward_pass_alone():
    graph = parse("a = ones(400, 1); b = ones(1, 400); y = a * b; z = sum(exp(y))")
    with MEMORY.allowed(4 * MB):
        session = Session(graph)
        trace = session.now.trace
        assert any("So there is no backward pass" in problem.sentence for problem in session.now.problems)
        with pytest.raises(
            RunError, match=r"What goes back from .* would need .* MB.*; all values together may take 4 MB"
        ):
            run(graph)
    assert trace.plan.target is None and trace.value("z") is not None and trace.gradient("a") is None
    assert not trace.failures and list(trace.too_large)
    assert run(graph).gradient("a") is not None


def test_all_values_together_count():
    chain = "a = ones(100, 100); " + "; ".join(f"a = a + {k}" for k in range(60))
    with MEMORY.allowed(2 * MB):
        _, trace = traced(chain)
    assert "beside the" in next(iter(trace.too_large.values()))
    assert trace.value("a_20") is not None and trace.value("a_60") is None


def test_a_value_that_several_records_hold_counts_once():
    """A leaf of 100 numbers; all else only shows them: its transposes, its parts, its seed of one number."""
    graph = parse("a = ones(10, 10); " + "; ".join(f"b{i} = a.T" for i in range(50)))
    with MEMORY.allowed(800 + 800):
        trace = trace_of(without_target(make_plan(graph)), leaf_values(graph))
    assert not trace.too_large and trace.value("b49") is not None


def test_training_is_refused_as_the_run_is():
    graph = parse("a = ones(900); y = outer(a, a); z = sum(y)")
    compiled = Compiled(make_plan(graph), seed=1.0)
    with MEMORY.allowed(4 * MB), pytest.raises(RunError, match=r"y would need 6\.18 MB"):
        compiled(leaf_values(graph))


def test_the_document_stays_editable():
    session = Session(parse("a = ones(9000); y = outer(a, a); z = sum(y)"))
    session.edit(lambda graph: edits.set_value(graph, "a", [1.0, 2.0]))
    assert float(session.now.trace.value("z")) == 9 and not session.now.trace.too_large
    session.undo()
    assert session.now.trace.too_large


@pytest.mark.parametrize(
    "text, bytes",
    [("512MB", 2**29), (" 1.5 gb", 3 * 2**29), ("4m", 2**22), ("2000000", 2_000_000), ("1TB", 2**40)],
)
def test_a_size_is_read_as_it_is_typed(text, bytes):
    assert read_memory(text) == bytes


@pytest.mark.parametrize("text", ["", "much", "-1MB", "nan", "1 KB", "12XB", "1e3MB", "MB"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match="is not a size such as 512MB or 2GB, 1 MB or more"):
        read_memory(text)


@pytest.mark.parametrize(
    "bytes, text", [(USUAL, "256 MB"), (3_200_000_000, "2.98 GB"), (5000, "4.88 KB"), (10**30, "more than 1000 TB")]
)
def test_a_size_is_told_with_three_digits(bytes, text):
    assert memory_text(bytes) == text


def test_numbers_alone_are_not_asked_for():
    """A run of single numbers pays nothing for the limit."""
    with MEMORY.allowed(0):
        _, trace = traced("x = 1; y = 2; z = x * y + x")
    assert float(trace.value("z")) == 3 and np.ndim(trace.gradient("x")) == 0


def test_exactly_as_much_as_is_allowed_is_computed():
    """200 numbers in a leaf, 200 in their double: 3,200 bytes, to the last."""
    text = "a = ones(200); b = exp(a)"
    for limit, computed in ((3200, True), (3199, False)):
        graph = parse(text)
        plan = make_plan(graph, None)
        with MEMORY.allowed(limit):
            trace = trace_of(without_target(plan), leaf_values(graph))
        assert (trace.value("b") is not None) == computed
