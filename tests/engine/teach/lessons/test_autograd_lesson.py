"""The last lesson's program, put together from its pieces as a learner would: it computes what the engine computes."""

from __future__ import annotations

import pytest

from engine.passes.run import run
from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.shelf import find_shelved
from engine.text.read import parse


def pieces() -> list[str]:
    lesson = load_lesson(find_shelved("autograd").path).lesson
    return [passage.text for step in lesson.steps for passage in step.body if passage.kind == "code"]


def test_it_is_as_short_as_it_says_and_fits_the_panel() -> None:
    lines = [line for piece in pieces()[:5] for line in piece.splitlines() if line.strip()]
    assert 35 <= len(lines) <= 41 and max(map(len, lines)) <= 46


@pytest.mark.parametrize("text", [
    "x * y + x", "x * x * x", "(x * y).tanh() + y * y", "(x + y).relu() * y", "(x * z).relu() + (y * z).tanh() * x",
])  # fmt: skip
def test_its_gradients_are_those_of_the_canvas(text: str) -> None:
    program: dict = {}
    exec("\n".join(pieces()[:5]), program)
    numbers = {"x": 2.0, "y": 0.3, "z": -1.5}
    values = {name: program["Value"](number) for name, number in numbers.items()}
    result = eval(text, {}, values)
    result.backward()
    said = "; ".join(f"{name} = {number}" for name, number in numbers.items())
    trace = run(parse(f"{said}; f = {text}"))
    assert result.data == pytest.approx(float(trace.value("f")))
    for name in set(numbers) & set(trace.arrivals):
        assert values[name].grad == pytest.approx(float(trace.gradient(name)))


def test_what_it_is_tried_with_runs_and_learns(capsys) -> None:
    program: dict = {}
    exec("\n".join(pieces()), program)
    printed = [float(each) for each in capsys.readouterr().out.split()]
    trace = run(parse("x = 2; y = 3; f = x * y + x; g = tanh(f * 0.1)"))
    assert printed == pytest.approx([float(trace.gradient("x")), float(trace.gradient("y"))])
    assert abs(program["w"].data) < 1e-3
