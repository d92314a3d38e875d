"""The command line as a call, and a file for it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import engine
from engine import cli
from tests.building import xyz


@pytest.fixture
def gradloom(capsys):
    """Runs a command; gives its exit code and what it printed."""

    def call(*words: object) -> SimpleNamespace:
        code = cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return call


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "f.gradloom"
    engine.save(xyz(), path)
    return path
