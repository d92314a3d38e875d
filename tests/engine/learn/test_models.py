"""The models that are shipped learn, each to a stated loss and accuracy."""

from __future__ import annotations

import pytest

from engine.files.disk import load
from engine.files.examples import examples
from engine.learn.trainer import Trainer

MODELS = {example.name: example for example in examples() if example.group == "Training"}

# By name: the loss over the rows of training that is reached, and the accuracy over those held out (None: it has none).
REACHED: dict[str, tuple[float, float | None]] = {
    "train-line": (0.1, None),
    "train-xor": (0.01, None),
    "train-moons": (0.05, 0.96),
    "train-circles": (0.03, 0.96),
    "train-spirals": (0.01, 0.96),
    "iris": (0.1, 0.92),
    "digits": (0.06, 0.95),
    "bigram": (2.0, None),
    "xor-scalars": (0.02, None),
    "residual-spirals": (0.01, 0.96),
    "digits-conv": (0.1, 0.94),
    "attention-echo": (0.01, 0.99),
}


def test_every_model_that_is_shipped_has_its_goal() -> None:
    assert REACHED.keys() == MODELS.keys()


@pytest.mark.parametrize("name", REACHED)
def test_a_shipped_model_learns(name: str) -> None:
    trainer = Trainer(load(MODELS[name].path))
    trainer.run()
    loss, held = REACHED[name]
    assert trainer.conclusion is not None and not trainer.conclusion.failed, trainer.conclusion
    last = trainer.history.evaluations[-1]
    assert last.loss <= loss
    assert held is None or (last.held_accuracy is not None and last.held_accuracy >= held)
