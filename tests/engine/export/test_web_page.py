"""The web page of a graph: one file that asks for nothing, whose program computes what the engine computes."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import numpy as np
import pytest

from engine.errors import ExportError
from engine.export import export_graph, trace_for
from engine.export.javascript import javascript_words
from engine.export.web_page import SCRIPTS, PageStart, as_data, asset, page_text
from engine.files.disk import load
from engine.graph.graph import Graph
from engine.ops.words.table import WORDS
from engine.passes.run import run
from engine.values.values import number_text
from gui.look.region_colours import BY_THEME
from gui.look.theme import COLOUR_FIELDS, DARK, LIGHT
from tests.building import graph_of
from tests.engine.export.test_hostile_names import graph
from tests.engine.export_cases import op_graphs
from tests.engine.html import Page
from tests.engine.javascript import check_steps, in_node, needs_node, programs

EXAMPLES = sorted((files("assets") / "examples").iterdir(), key=lambda path: path.name)


@needs_node
def test_every_op_in_every_setting_computes_the_same_in_javascript():
    cases = [(name, each, run(each)) for name, each in op_graphs()]
    told = in_node(programs([(each, trace) for _, each, trace in cases]))
    for (name, _, trace), steps in zip(cases, told, strict=True):
        check_steps(trace, steps, name)


@needs_node
def test_every_example_computes_the_same_in_javascript():
    cases = [(path.name, load(str(path))) for path in EXAMPLES]
    traces = [run(each) for _, each in cases]
    told = in_node(programs([(each, trace) for (_, each), trace in zip(cases, traces, strict=True)]))
    for (name, _), trace, steps in zip(cases, traces, told, strict=True):
        check_steps(trace, steps, name)


@needs_node
def test_javascript_writes_numbers_as_the_program_does():
    rng = np.random.default_rng(5)
    numbers = [*rng.normal(size=300), *(rng.normal(size=300) * 10.0 ** rng.integers(-20, 20, 300))]
    numbers += [0.0, -0.0, 1.0, 1234.5, 12345.0, 0.00012345, 0.5, 2.5, 99995.0, 9999.5, 1e-5, 123456.0, 1e300, 5e-324]
    numbers += [100.0, -1200.0, 12300.0, 1e5]
    digits = (2, 3, 4, 6, 12)
    script = f"answer({json.dumps(numbers)}.map((x) => {list(digits)}.map((n) => numberText(x, n))));"
    assert in_node(script) == [[number_text(x, n) for n in digits] for x in numbers]
    assert in_node("answer([NaN, Infinity, -Infinity].map((x) => numberText(x)))") == ["nan", "∞", "−∞"]


@needs_node
def test_what_is_typed_is_read_as_a_number_or_refused():
    typed = ["1.5", "−2", "1/3", " 1e-3 ", "2,5", "", "x", "1/0", "1;2", "--1", "0x10", "alert(1)"]
    found = in_node(f"answer({json.dumps(typed)}.map(readNumber))")
    assert found == [1.5, -2, 1 / 3, 1e-3, 2.5, *[None] * 7]


def test_every_word_of_op_texts_is_spelled_in_javascript():
    places = {"s_", "backwards", "listed", "drop_mask"}  # written as data
    own = {name for name, word in WORDS.items() if word.javascript}
    assert set(WORDS) - places - own <= javascript_words() and not own & javascript_words()


def test_the_page_is_one_file_that_asks_for_nothing():
    text = page_text(*_case())
    page = Page(text)
    assert not re.search(
        r"(?:src|href)\s*=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)|fetch\(|XMLHttp|eval\(", text
    )
    policy = next(a["content"] for tag, a, _ in page.elements if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy
    assert not [name for _, attrs, _ in page.elements for name in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_page_of_a_lecture_graph_is_small(path):
    each = load(str(path))
    assert len(page_text(each, run(each)).encode()) < 300_000


@pytest.mark.parametrize("text", ["</script><b>bold</b>", "<!--<script>", "</style>", "{script}{facts}", '" onclick="'])
def test_a_hostile_name_is_text(text):
    texts = [page_text(graph(title), run(graph(title))) for title in (text, "plain")]
    assert Page(texts[0]).bones == Page(texts[1]).bones
    assert facts_of(page_text(graph(text), run(graph(text))))["title"] == text


def test_what_is_not_finite_is_told():
    each = graph_of(("x", "input", [np.inf, np.nan]), ("f", "sum", ["x"]), target="f")
    leaf = facts_of(page_text(each, trace_for(each)))["leaves"][0]
    assert leaf["data"] == ["inf", "nan"] and leaf["shape"] == [2]
    with pytest.raises(ValueError, match="JSON"):
        as_data(np.nan)


def test_a_graph_without_nodes_is_refused_and_an_unfinished_one_is_shown():
    with pytest.raises(ExportError, match="no nodes"):
        export_graph(Graph.of([]), "web")
    half = graph_of(("x", "input", 3.0), ("f", "mul", ["x"]), target="f")
    facts = facts_of(page_text(half, trace_for(half)))
    assert "not finished" in next(card["missing"] for card in facts["cards"] if card["id"] == "f")
    assert [step["said"][0][0] for step in facts["steps"]] == ["x holds 3."]


def test_the_page_has_the_colours_of_the_program():
    style = asset("page.css")
    light, dark = style.split(':root[data-theme="dark"]')
    for theme, said in ((LIGHT, light), (DARK, dark.split("}")[0])):
        for use in COLOUR_FIELDS:
            assert f"--{use}: {getattr(theme, use)};" in said, (theme.name, use)
        for name, colour in BY_THEME[theme.name].items():
            assert f"--{name}: {colour};" in said, (theme.name, name)
        assert f"--shadow: {theme.shadow};" in said


def test_scripts_name_nothing_twice_and_are_short():
    sources = {name: asset(f"{name}.js") for name in SCRIPTS}
    names = [
        name for source in sources.values() for name in re.findall(r"^(?:const|class|function) (\w+)", source, re.M)
    ]
    assert len(names) == len(set(names))
    assert max(len(source.splitlines()) for source in sources.values()) <= 400


def test_a_page_begins_as_it_was_asked_to():
    text = page_text(*_case(), PageStart("dark", "responsibility", 3.5, 2.0))
    start = {"theme": "dark", "wording": "responsibility", "position": 3.5, "speed": 2.0, "learn": False}
    assert facts_of(text)["start"] == start


def facts_of(text: str):
    return json.loads(next(said for _, attrs, said in Page(text).elements if attrs.get("id") == "facts"))


def _case():
    each = load(str(EXAMPLES[1]))
    return each, run(each)
