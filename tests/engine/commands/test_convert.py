"""gradloom convert: what is saved reads back, and keeps what this version does not know."""

from __future__ import annotations

import pytest

import engine
from engine.graph.graph import Graph
from engine.graph.records import Node
from tests.engine.commands.command_tools import PRODUCT


def test_convert_saves_an_expression(gradloom, tmp_path):
    out = tmp_path / "out.gradloom"
    done = gradloom("convert", *PRODUCT, "--param", "z", "--seed", "2", out)
    assert (done.code, done.out, done.err) == (0, "", "")
    graph = engine.load(out)
    assert (graph.target, graph.seed, graph.nodes["z"].op_name) == ("f", 2, "parameter")
    assert len({node.pos for node in graph.nodes.values()}) == 5


@pytest.mark.parametrize("ending", [".txt", ".py"])
def test_convert_writes_a_program_that_reads_back(gradloom, file, tmp_path, ending):
    program, again = tmp_path / f"f{ending}", tmp_path / "again.gradloom"
    assert gradloom("convert", file, program).code == 0
    assert gradloom("convert", program, "--set", "x=7", again).code == 0
    graph = engine.load(again)
    assert graph.nodes["x"].value == 7
    assert engine.run(graph).value("f") == -48


def test_convert_keeps_what_this_version_does_not_know(gradloom, file, tmp_path):
    graph = Graph.of([Node("n", "lstm", raw={"cells": 3})])
    engine.save(graph, file)
    assert gradloom("convert", file, tmp_path / "copy.gradloom").code == 0
    assert '"cells": 3' in (tmp_path / "copy.gradloom").read_text()
