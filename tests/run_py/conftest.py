"""A checkout with a run.py of its own, and what it would have done: nothing is installed here."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from tests import programs
from tests.run_py.run_tools import SOURCE, load

PYPROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "gradloom"
dependencies = ["numpy"]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    folder.mkdir()
    shutil.copy(SOURCE, folder)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "constraints.txt").write_text("numpy==2.0.0\n")
    for commands in ("engine/commands", "gui/pictures/commands"):
        shutil.copytree(SOURCE.parent / commands, folder / commands)
    return folder


@pytest.fixture
def run(checkout: Path) -> ModuleType:
    return load(checkout)


@pytest.fixture
def done(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the set-up would have done, in order."""
    steps: list[str] = []

    def make(command: list[str], doing: str) -> None:
        steps.append("make")
        folder = Path(command[-1])
        (folder / "pyvenv.cfg").write_text(f"prompt = '{command[command.index('--prompt') + 1]}'\n")
        (folder / run.MAIN.bin.name).mkdir()
        (folder / run.MAIN.bin.name / run.MAIN.python.name).touch()

    monkeypatch.setattr(run, "logged", make)
    monkeypatch.setattr(run, "install", lambda environment, extras: steps.append(f"install {extras}"))
    return steps


@pytest.fixture
def started(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []

    def become(command: list[str]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(programs, "WITHOUT", ())
    monkeypatch.setattr(run, "ensure_venv", lambda environment: None)
    monkeypatch.setattr(run, "ensure_system", lambda libraries: None)
    monkeypatch.setattr(run, "become", become)
    monkeypatch.setattr(run.os, "chdir", lambda folder: None)
    return commands
