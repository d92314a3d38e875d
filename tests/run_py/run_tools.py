"""run.py as a module, and edits of its checkout."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

SOURCE = Path(__file__).parents[2] / "run.py"


def load(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("a_run_py", folder / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))
