"""The harness itself: every planted fault is found, named and kept; the corpus of each attack replays cleanly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine import cli, commands
from gui.pictures import commands as drawing
from tests.attack import attack_streams
from tests.attack.attack import CORPUS, FOLDER, Attack, Options, attacks
from tests.attack.corpus import inputs
from tests.attack.driver import run_attack
from tests.attack.planted.attack_faults import FAULTS
from tests.attack.table import failures_text, table
from tests.attack.worker import ROOT

PLANTED = attacks(FOLDER / "planted")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Options]:
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "faults").mkdir()
    for fault in FAULTS:
        (corpus / "faults" / fault).write_bytes(fault.encode())
    return corpus, Options(seed="7", cases=0, corpus=corpus)


def test_every_planted_fault_is_found(planted: tuple[Path, Options]) -> None:
    report = run_attack(Attack(PLANTED["faults"]), planted[1])
    found = {Path(failed.case).name: re.sub(r":\d+", ":#", failed.sentence) for failed in report.failures}
    assert found == {
        "traceback": "KeyError at tests/attack/planted/attack_faults.py:# check",
        "broken": "a planted sentence",
        "crash": f"crashes: {signal.SIGSEGV.name}",
        "hang": "hangs: over 0.3 s",
        "leave": "ends the process with exit code 3",
        "memory": "MemoryError at tests/attack/planted/attack_faults.py:# check",
    }
    assert report.cases == len(set(FAULTS))
    assert "attack_faults.py" in next(f.detail for f in report.failures if f.sentence.startswith("hangs"))
    said = table([report]) + failures_text([report])
    assert all(failed.sentence in said for failed in report.failures)


def test_a_new_failure_is_kept_and_the_next_run_begins_with_it(tmp_path: Path) -> None:
    attack, options = Attack(PLANTED["faults"]), Options(seed="2", cases=3, corpus=tmp_path)
    report = run_attack(attack, options)
    kept = inputs(tmp_path / "faults")
    assert report.failures and {str(path) for path in kept} == {f.saved for f in report.failures}
    again = run_attack(attack, Options(seed="2", cases=0, corpus=tmp_path))
    assert {f.sentence for f in again.failures} >= {f.sentence for f in report.failures if f.sentence[0] != "a"}


def test_who_has_seen_enough_is_told_what_is_known_by_then(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.attack", "words", "--minutes", "30", "--workers", "1", "--seed", "1"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **pipes) as running:
        assert running.stderr is not None and running.stdout is not None
        assert "30 min each" in running.stderr.readline()
        os.killpg(running.pid, signal.SIGINT)  # as Ctrl+C does it: to all that belongs to it
        said = running.stdout.read()
        assert running.wait(60) == 0
    assert "stopped before its end" in said and "No failures." in said and "Traceback" not in said


def test_an_attack_may_run_itself(tmp_path: Path) -> None:
    report = run_attack(Attack(PLANTED["itself"]), Options(seed="12", corpus=tmp_path))
    assert (report.cases, report.failed, report.said) == (12, 1, "at most 1.4 s lost")


@pytest.mark.parametrize("name", attacks())
def test_what_ever_failed_does_not_fail_again(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # commands write files
    attack = Attack(attacks()[name])
    if attack.run is not None or not inputs(CORPUS / name):
        pytest.skip("has no corpus")
    if not attack.quick or attack.absent():
        pytest.skip("takes seconds, or a library")
    attack.start()
    for path in inputs(CORPUS / name):
        attack.check(path.read_bytes())


def test_every_command_is_tried_with_its_streams() -> None:
    """The attack itself takes minutes: a command that it does not know is found here."""
    assert cli.commands_in(commands, drawing).keys() <= attack_streams.USUAL.keys()
