"""The table of faults is not stale: every text stands in its file once, every test is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.attack.mutants.faults import FAULTS

ROOT = Path(__file__).resolve().parents[3]


def test_there_are_enough_of_them_in_every_part_of_the_engine() -> None:
    folders = Counter(fault.file.partition("/")[0] for fault in FAULTS)
    assert len(FAULTS) >= 30
    assert {"ops", "passes", "truth", "edits", "files", "text", "learn", "show", "export"} <= folders.keys()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.new}")
def test_a_fault_can_be_planted(fault) -> None:
    text = (ROOT / "engine" / fault.file).read_text("utf-8")
    assert text.count(fault.old) == 1 and fault.new != fault.old
    compile(text.replace(fault.old, fault.new), fault.file, "exec")
    assert fault.tests and all((ROOT / "tests" / "engine" / name).exists() for name in fault.tests.split())
