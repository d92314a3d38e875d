"""The web page in a real Chromium: played, scrubbed, changed, asked, with its mouse, its keys and fingers on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

import numpy as np
import pytest

from engine.export import trace_for
from engine.export.web_page import page_text
from engine.files.disk import load
from engine.graph.graph import Graph
from engine.passes.run import holding, run
from engine.show.explain import explain
from engine.teach.asking import MODES
from engine.teach.diagnosis import candidates, wrong_answers
from engine.text.read import parse
from engine.values.values import number_text
from tests.chromium import Chromium, needs_chromium
from tests.engine.export.test_hostile_names import graph as hostile_graph
from tests.engine.javascript import check_steps

pytestmark = needs_chromium
TELL = """page.steps.map((step) => Object.fromEntries(Object.entries(step).map(([name, x]) => [name,
  x?.data ? { shape: x.shape, data: Array.from(x.data, (n) => (Number.isFinite(n) ? n : String(n))) } : x])))"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    chromium = Chromium(tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens the page of a graph; at the end it has asked the network for nothing, and complained of nothing."""

    def open_(each: Graph, wide: int = 1440, high: int = 900, **media: str) -> Chromium:
        path = tmp_path / "page.html"
        path.write_text(page_text(each, trace_for(each)), encoding="utf-8")
        browser.open(path, wide, high, **media)
        return browser

    yield open_
    assert [url for url in browser.asked if not url.startswith("file://")] == [] and browser.said == []


def example(name: str) -> Graph:
    return load(str(files("assets") / "examples" / f"{name}.gradloom"))


PRODUCT = example("cs231n-product")


def typed(browser: Chromium, field: str, text: str) -> None:
    browser.click(field)
    browser.ask(f"document.querySelector({json.dumps(field)}).select()")
    browser.type(text)


def place(browser: Chromium) -> str:
    return browser.text("#place")


@pytest.mark.parametrize("name", ["cs231n-staged", "micrograd", "iris", "train-moons"])
def test_it_computes_what_the_program_computes(opened, name):
    check_steps(run(example(name)), opened(example(name)).ask(TELL), name)


def test_keys_step_through_the_passes_and_the_captions_are_the_program_s_own(opened):
    browser, trace = opened(PRODUCT, prefers_reduced_motion="reduce"), run(PRODUCT)
    browser.press("Home")
    assert place(browser) == f"0 / {len(trace)}"
    for number, step in enumerate(trace.steps):
        browser.press("ArrowRight")
        browser.wait(f"page.position === {number + 1}")
        said = explain(PRODUCT, trace, step)
        assert browser.text("#caption") == said.caption
        assert browser.text("#reason") == ("" if said.why == said.caption else said.why)
    browser.press("ArrowLeft", shift=True)
    assert browser.ask("page.position") == 8
    browser.press("End")
    assert place(browser) == f"{len(trace)} / {len(trace)}"


def test_the_cards_show_the_values_and_gradients_of_a_moment(opened):
    browser, trace = opened(PRODUCT, prefers_reduced_motion="reduce"), run(PRODUCT)
    for position in range(len(trace) + 1):
        browser.ask(f"page.seek({position})")
        for id in PRODUCT.nodes:
            shown = browser.ask(
                f"[...document.querySelectorAll('[data-id={id}] .end.bold')].slice(-2).map((x) => x.textContent)"
            )
            value = number_text(trace.value(id)) if trace.value_at[id, 0] < position else "…"
            arrived = trace.arrivals[id][-1] < position
            assert shown == [value, number_text(trace.gradient(id)) if arrived else "…"], (position, id)


def test_play_goes_to_the_end_and_pause_stops_it(opened):
    browser = opened(PRODUCT)
    browser.ask("document.querySelector('#speed').value = '0.25'")  # slow enough for any machine to see it on the way
    browser.click("#play")
    browser.wait("page.position > 0.2 && page.position < 9")
    assert browser.ask("document.querySelector('#play').ariaLabel") == "Pause"
    browser.press("Home")
    browser.ask("document.activeElement.blur()")
    browser.press(" ")
    browser.wait("page.playing && page.position > 0")
    browser.press(" ")
    assert browser.ask("page.playing") is False
    browser.ask("document.querySelector('#speed').value = '4'")
    browser.press(" ")
    browser.wait("page.position === page.end && !page.playing")


def test_the_timeline_is_scrubbed_by_mouse_and_by_touch(opened):
    browser = opened(PRODUCT)
    left, top, wide, high = browser.box("#timeline")
    y = top + high / 2
    browser.mouse("mousePressed", left + wide * 0.25, y)
    quarter = browser.ask("page.position")
    browser.mouse("mouseMoved", left + wide * 0.75, y)
    browser.mouse("mouseReleased", left + wide * 0.75, y)
    assert 1.5 < quarter < 3.5 and 6.5 < browser.ask("page.position") < 8.5
    browser.touch("touchStart", (left + wide * 0.5, y))
    browser.touch("touchMove", (left + wide * 0.3, y))
    browser.touch("touchEnd")
    browser.wait("page.position > 2 && page.position < 4")


def test_a_value_that_is_changed_changes_every_number(opened):
    browser = opened(PRODUCT)
    for text, number in (("7", 7.0), ("−0.125", -0.125), ("1/3", 1 / 3), ("1e-3", 1e-3)):
        typed(browser, "[aria-label=y]", text)
        trace = run(holding(PRODUCT, {"y": number}))
        check_steps(trace, browser.ask(TELL), text)
        rows = browser.ask(
            "[...document.querySelectorAll('#rows tr')].map((row) => [...row.children].map((cell) => cell.textContent))"
        )
        for (name, _, value, gradient), id in zip(rows, PRODUCT.order, strict=True):
            assert (name, *(float(x.replace("−", "-")) for x in (value, gradient))) == (
                id,
                trace.value(id),
                trace.gradient(id),
            )
    browser.ask("page.seek(7)")
    typed(browser, "[aria-label=y]", "3")
    assert "∂f/∂q = seed · z = 1 × (−4) = −4" in browser.text("#caption")
    browser.click("#reset")
    assert browser.ask("document.querySelector('[aria-label=y]').value") == "5"
    check_steps(run(PRODUCT), browser.ask(TELL), "reset")


def test_a_cell_of_a_tensor_is_changed_and_what_is_no_number_changes_nothing(opened):
    each = example("train-xor")
    leaf = next(id for id, node in each.nodes.items() if node.value is not None and node.value.ndim == 2)
    browser, value = opened(each), np.array(each.nodes[leaf].value)
    field = f'[aria-label="{leaf} [1, 0]"]'
    typed(browser, field, "0.75")
    value[1, 0] = 0.75
    wanted = run(holding(each, {leaf: value}))
    check_steps(wanted, browser.ask(TELL), leaf)
    typed(browser, field, "much")
    assert browser.ask(f"document.querySelector({json.dumps(field)}).ariaInvalid") == "true"
    check_steps(wanted, browser.ask(TELL), leaf)


def test_both_wordings_and_both_themes(opened):
    browser, trace = opened(PRODUCT, prefers_color_scheme="dark"), run(PRODUCT)
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    browser.click("#theme")
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(244, 245, 247)"
    browser.ask("document.querySelector('#wording').value = '1'")
    browser.ask("document.querySelector('#wording').dispatchEvent(new Event('change'))")
    said = explain(PRODUCT, trace, trace.steps[-1], "responsibility")
    assert [browser.text("#caption"), browser.text("#reason")] == [said.caption, said.why]


def test_predictions_are_asked_checked_and_hide_what_gives_them_away(opened):
    browser = opened(PRODUCT, prefers_reduced_motion="reduce")
    browser.click("#predict")
    assert browser.text("#ask") == "What is the value of q?" and browser.ask(
        "document.querySelector('#numbers').hidden"
    )
    browser.press("End")
    assert browser.ask("page.position") == 3
    for wrong, hint in (
        ("4.5", "4.5 is not right. No classic mistake makes this number: try again"),
        ("-3", "−3 is not right. Sign."),
        ("x", "Type a number"),
    ):
        typed(browser, "#answer", wrong)
        browser.press("Enter")
        assert hint in browser.text("#verdict") and browser.ask("page.position") == 3
    typed(browser, "#answer", "5 - 2")
    browser.press("Enter")
    assert browser.text("#caption").startswith("Right. q = x + y") and browser.ask("page.position") == 4
    browser.click("#next")
    browser.click("#show")
    assert browser.text("#caption").startswith("It is −12.")
    browser.click("#next")
    assert browser.text("#ask") == "What is the contribution that f sends back to q?"
    typed(browser, "#answer", "1")
    browser.click("#question button")
    assert "Chain stopped early. It fits what reached f, passed on unchanged" in browser.text("#verdict")


def test_every_classic_mistake_is_named_as_the_program_names_it_whatever_the_values(opened):
    graph = parse("x = 4\na = 3\nb = 2\np = a * x\nq = x * b\nf = p + q")
    browser, named = opened(graph, prefers_reduced_motion="reduce"), 0
    for now in (graph, holding(graph, {"x": -1.5, "b": 0.25})):
        trace = run(now)
        for leaf, id in enumerate(id for id in trace.value_at if now.nodes[id[0]].op.is_leaf):
            browser.ask(f"page.hold({leaf}, 0, {trace.value(id[0])!s})")
        browser.ask("page.prediction.turn(true)")
        for at in range(len(trace)):
            question = MODES["each"].ask(now, trace, at)
            if question is None or question.of == "seed":
                continue
            assert browser.ask("page.prediction.at") == at and browser.text("#ask") == question.text()
            for _, made, _ in wrong_answers(question):
                browser.ask(f"page.find('answer').value = '{made.number!r}'; page.prediction.check()")
                told = " ".join(f"{each.title}. {each.sentence}" for each in candidates(question, made))
                assert browser.text("#verdict") == f"{number_text(made.number)} is not right. {told}"
                named += 1
            right = f"page.find('answer').value = '{question.right.number!r}'; page.prediction.check(); page.step(1)"
            browser.ask(right)
        assert browser.ask("page.prediction.known === page.end")
    assert named > 40


def test_a_hostile_name_runs_nothing_and_is_seen_as_it_is(opened):
    name = "</script><b onclick=alert(1)><img src=x onerror=alert(1)>"
    browser = opened(hostile_graph(name))
    assert browser.text("h1") == name and browser.ask("document.querySelectorAll('b, img').length") == 0
    assert name in browser.ask(
        "[...document.querySelectorAll('#rows th, #leaves legend')].map((x) => x.textContent).join(' ')"
    )


def test_everything_has_a_name_and_fits_a_phone(opened):
    browser = opened(example("cs231n-staged"), 400, 800)
    named = "x.ariaLabel || x.textContent.trim() || x.labels?.length"
    bare = f"[...document.querySelectorAll('button, input, select')].filter((x) => !({named})).length"
    assert browser.ask(bare) == 0
    assert browser.ask("document.documentElement.scrollWidth") <= 400
    assert browser.ask("document.querySelector('#said').getAttribute('aria-live')") == "polite"
    assert "21 of 21" in browser.ask("document.querySelector('#timeline').getAttribute('aria-valuetext')")


def test_without_motion_each_step_is_shown_whole(opened):
    browser = opened(PRODUCT, prefers_reduced_motion="reduce")
    browser.press("Home")
    browser.press(" ")
    browser.wait("page.position >= 2")
    assert browser.ask("Number.isInteger(page.position)")
    browser.wait("page.position === page.end")
