"""`gradloom train` from the outside: what it prints, writes and refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from assets import __file__ as assets_file
from engine.cli import main
from engine.commands.train import bar
from engine.files.disk import load
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer

EXAMPLES = Path(assets_file).parent / "examples"
BOWL = ["train", "--expr", "w * w", "--set", "w=3", "--param", "w", "--optimizer", "sgd"]


def test_it_prints_how_it_went_and_writes_the_trained_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "trained.gradloom"
    assert main(["train", str(EXAMPLES / "iris.gradloom"), "--epochs", "90", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "held-out accuracy" in said.out
    assert f"Written to {out}." in said.out
    assert said.err == ""  # no progress bar where there is no terminal
    before, after = load(EXAMPLES / "iris.gradloom"), load(out)
    assert before.nodes["W1"] != after.nodes["W1"]
    assert TrainingConfig.of(after).epochs == 90
    trainer = Trainer(after, TrainingConfig(steps=1))
    trainer.run()
    assert (trainer.history.evaluations[0].held_accuracy or 0) >= 0.95


def test_json_has_the_history_and_the_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BOWL, "--steps", "3", "--lr", "0.25", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["losses"] == [9.0, 2.25, 0.5625]
    assert record["gradient_norms"] == [6.0, 3.0, 1.5]
    assert record["parameters"] == {"w": 0.375}
    assert record["steps"] == 3
    assert record["stopped"] is None
    assert [e["loss"] for e in record["evaluations"]] == [9.0, 2.25, 0.5625, 0.140625]
    assert record["config"]["lr"] == 0.25


def test_the_same_seed_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("1", "1", "2"):
        assert main(["train", str(EXAMPLES / "iris.gradloom"), "--steps", "20", "--seed", seed, "--json"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert printed[0] != printed[2]


def test_a_loss_that_explodes_makes_the_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BOWL, "--epochs", "30", "--lr", "1e100"]) == 1
    assert "Training diverged: the loss rose from 9 to 3.6e201 in 1 step." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "kind", "nodes"),
    [
        (["train-line", "--lr", "10"], 1, "diverged", []),
        (["train-moons", "--optimizer", "sgd", "--lr", "5"], 1, "collapsed", ["h2"]),
        (["train-xor"], 0, "fell", []),
    ],
)
def test_the_exit_code_and_json_say_whether_it_learnt(
    words: list[str], code: int, kind: str, nodes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *words]) == code
    printed = capsys.readouterr().out
    assert main(["train", *words, "--json"]) == code
    record = json.loads(capsys.readouterr().out)
    outcome = record["outcome"]
    assert (outcome["kind"], outcome["failed"], outcome["nodes"]) == (kind, bool(code), nodes)
    assert outcome["sentence"] in printed and outcome["remedy"] in printed
    assert ("Trained:" in printed) is (code == 0)
    assert bool(record["stopped"]) is bool(code)
    losses = {evaluation["step"]: evaluation["loss"] for evaluation in record["evaluations"]}
    assert losses[record["kept"]] == (losses[record["steps"]] if not code else min(losses.values()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "--expr", "w * w", "--set", "w=3"], "nothing to learn"),
        ([*BOWL, "--optimizer", "magic"], "no optimiser “magic”"),
        ([*BOWL, "--lr", "0"], "above 0"),
        ([*BOWL, "--steps", "3", "--epochs", "3"], "not allowed with"),
        ([*BOWL, "--epochs", "1000000000", "--out", "/no/such/folder/t.gradloom"], "no such file or folder"),
        ([*BOWL, "--steps", "0"], "--steps takes a whole number, 1 or above, not 0"),
        ([*BOWL, "--epochs", "-2"], "--epochs takes a whole number, 1 or above, not -2"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_that_is_gone_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("engine.commands.train._SLICE", 0)
    assert main([*BOWL, "--steps", "3", "--lr", "0.1"]) == 0
    shown = terminal.getvalue()
    assert "33%" in shown and "67%" in shown and "loss" in shown
    assert shown.endswith("\r\x1b[K")


def test_the_bar_fills() -> None:
    from engine.files.codec import decode

    trainer = Trainer(decode((EXAMPLES / "train-xor.gradloom").read_bytes()), TrainingConfig(steps=4))
    assert bar(trainer).startswith("░" * 30)
    trainer.run(2)
    assert bar(trainer).startswith("█" * 15 + "░" * 15)


def test_ctrl_c_stops_and_keeps_what_was_learnt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    go_on = Trainer.run_for

    def interrupted(self: Trainer, milliseconds: float) -> bool:
        go_on(self, 0)
        if self.step == 2:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(Trainer, "run_for", interrupted)
    out = tmp_path / "w.gradloom"
    assert main([*BOWL, "--steps", "900", "--lr", "0.25", "--out", str(out)]) == 130
    assert load(out).nodes["w"].value == 0.75
    sentence = "Stopped after 2 of 900 steps: the loss fell from 9 to 0.562; what was learnt is kept."
    assert sentence in capsys.readouterr().out
