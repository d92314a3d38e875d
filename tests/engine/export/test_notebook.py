"""What a notebook shows of a graph and of a trace: the page in a frame, a picture, and one line of text."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import engine
from engine.export import trace_for
from engine.export.web_page import page_text
from engine.values.values import number_text
from tests.building import graph_of
from tests.engine.export.test_hostile_names import HOSTILE, graph
from tests.engine.html import Page
from tests.gui.graphs import product

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()).strip() for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_graph_and_a_trace_are_shown_by_their_page():
    each = product()
    shown = each._repr_html_()
    assert shown is not None and [tag for tag, _ in Page(shown).bones] == ["iframe"]
    inside = Page(shown).elements[0][1]
    assert inside["sandbox"] == "allow-scripts" and inside["srcdoc"] == page_text(each, trace_for(each))
    assert unescape(str(engine.run(each)._repr_html_())) == unescape(shown)


def test_the_picture_shows_every_value_and_gradient():
    each = product()
    trace = engine.run(each)
    svg = trace._repr_svg_()
    assert svg is not None and svg == each._repr_svg_()
    shown = texts(svg)
    for id in each.nodes:
        assert number_text(float(trace.value(id))) in shown and number_text(float(trace.gradient(id))) in shown
        assert any(text.split()[-1] == id for text in shown if text)
    assert len(re.findall("<path", svg)) == len(each.edges)


def test_other_values_are_shown_as_they_were_run():
    shown = texts(str(engine.run(product(), values={"y": 100})._repr_svg_()))
    assert "100" in shown and "−392" in shown


def test_names_are_text_in_both():
    for text in HOSTILE:
        each = graph(text)
        assert [tag for tag, _ in Page(str(each._repr_html_())).bones] == ["iframe"]
        svg = str(each._repr_svg_())
        assert len(list(ElementTree.fromstring(svg).iter())) == len(
            list(ElementTree.fromstring(str(graph("plain")._repr_svg_())).iter())
        )


def test_as_text_each_is_one_line():
    each = product()
    assert repr(each) == f"<Graph {each.title!r}: 5 nodes, 4 edges, target f>" if each.title else repr(each)
    assert repr(engine.run(each)) == "<Trace: 10 steps, f = −12>"
    odd = graph_of(("x", "input", 1.0), target=None)
    assert "\n" not in repr(engine.Graph.of(odd.nodes.values(), title="two\nlines"))
    assert repr(odd) == "<Graph: 1 node, 0 edges>" and repr(engine.run(odd)) == "<Trace: 1 step>"


def test_where_there_is_nothing_to_draw_the_line_stands_alone():
    assert engine.Graph()._repr_html_() is None and engine.Graph()._repr_svg_() is None
    assert trace_for(product())._repr_svg_() is None  # nobody has said of which graph it is
