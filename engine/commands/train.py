"""Train the parameters of a graph, and save it with what they have learnt.

What is not given comes from the graph's own "training", or else from the defaults: adam, learning rate 0.01, batches
of 32 rows, 100 epochs. Without --out nothing is written. Ctrl+C stops; what was learnt by then is kept.

The exit code is 1 if it did not learn: if the loss diverged or a layer lets no gradient through any more (it stops, and
the best parameters are kept), or if in the end the loss is higher, or no better than a constant output's. With --json:

  {"target": id, "steps": n, "epochs": e, "stopped": null or why, "kept": the step that the parameters are of,
   "outcome": {"kind": "fell", "stayed", "rose", "stuck", "diverged", "not finite", "collapsed" or "no gradient",
   "failed": false, "sentence": what happened, "remedy": what to do, "nodes": [those to look at]},
   "config": {"optimizer": …, "lr": …, "batch": …, …},
   "evaluations": [{"step": …, "epoch": …, "loss": …, "held_loss": …, "accuracy": …, "held_accuracy": …,
   "gradient_norms": {id: …}, "update_ratios": {id: ‖Δθ‖ / ‖θ‖}, "health": {id: {"dead": share of the units,
   "flat": share of the slopes}}}], "losses": [one a step], "gradient_norms": [one a step], "parameters": {id: value}}

"held_loss" and "held_accuracy" are over the rows held out; "accuracy" is null unless the loss is a classifier's.

  gradloom train assets/examples/iris.gradloom --epochs 100 --out trained.gradloom
  gradloom train --expr "(w * 3 - 6) ** 2" --set w=0 --param w --steps 100 --lr 0.1
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from engine import edits
from engine.commands import _report
from engine.commands._source import add_source, read_source
from engine.errors import GradloomError
from engine.files.disk import save
from engine.files.replace import refuse_unwritable
from engine.graph.graph import Graph
from engine.learn.conclusion import Conclusion
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import OPTIMISERS
from engine.learn.trainer import Evaluation, Trainer
from engine.values.json_text import records_text
from engine.values.values import number_text

_SLICE = 100  # milliseconds between two pictures of the progress bar
_BAR = 30  # characters
_MOST_ROWS = 12  # of the table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser, seed=False)  # here --seed is that of the order of the rows
    add = parser.add_argument
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--epochs", metavar="N", type=int, help="how often to go through all rows")
    length.add_argument("--steps", metavar="N", type=int, help="how many steps to take")
    add("--optimizer", metavar="NAME", help="; ".join(f"{name}: {each.help}" for name, each in OPTIMISERS.items()))
    add("--lr", metavar="R", type=float, help="the learning rate")
    add("--batch", metavar="B", type=int, help="rows per step; 0: all of them")
    add("--weight-decay", metavar="D", type=float, help="how much the parameters shrink by themselves")
    add("--clip", metavar="C", type=float, help="the largest norm a gradient may have; 0: no limit")
    add("--seed", metavar="S", dest="shuffle", type=int, help="the seed for the order of the rows")
    add("--out", metavar="FILE", help="write the trained graph here")
    add("--json", action="store_true", help="print JSON, as described below")


def handle(args: argparse.Namespace) -> int:
    graph = read_source(args, known=True)
    config = _config(TrainingConfig.of(graph), args)
    if args.out is not None:
        refuse_unwritable(args.out)
    trainer = Trainer(graph, config)
    interrupted = _train(trainer)
    said = trainer.left_off() if interrupted else trainer.conclude().text
    if args.out is not None:
        _write(graph, trainer, args.out)
    print(records_text(record(trainer)) if args.json else _told(trainer, said, args.out))
    return 130 if interrupted else 1 if trainer.conclude().failed else 0


def _config(config: TrainingConfig, args: argparse.Namespace) -> TrainingConfig:
    said = {
        "optimizer": args.optimizer, "lr": args.lr, "batch": args.batch, "epochs": args.epochs, "steps": args.steps,
        "seed": args.shuffle, "weight_decay": args.weight_decay, "clip": args.clip,
    }  # fmt: skip
    for name in ("epochs", "steps"):
        if said[name] is not None and said[name] < 1:
            raise GradloomError(f"--{name} takes a whole number, 1 or above, not {said[name]}")
    if args.epochs is not None:
        said["steps"] = 0
    return replace(config, **{name: value for name, value in said.items() if value is not None})


def _train(trainer: Trainer) -> bool:
    """Train to the end, or until Ctrl+C: gives back whether it was that."""
    with _progress_bar() as draw:
        try:
            while trainer.run_for(_SLICE):
                draw(trainer)
        except KeyboardInterrupt:
            return True
    return False


@contextmanager
def _progress_bar() -> Iterator[Any]:
    """What draws the bar on a terminal, and is silent anywhere else; the bar is gone afterwards."""
    if not sys.stderr.isatty():
        yield lambda trainer: None
        return
    try:
        yield lambda trainer: print("\r" + bar(trainer), end="\x1b[K", file=sys.stderr, flush=True)
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def bar(trainer: Trainer) -> str:
    """One line: how far, the loss, how fast."""
    full = round(_BAR * trainer.progress)
    loss = number_text(trainer.history.losses[-1]) if trainer.history.losses else _report.NONE
    speed = number_text(trainer.steps_per_second, 3)
    return f"{'█' * full}{'░' * (_BAR - full)} {trainer.progress:4.0%}  loss {loss}  {speed} steps/s"


def _write(graph: Graph, trainer: Trainer, path: str) -> None:
    learnt = graph.apply(trainer.change())
    save(learnt.apply(edits.set_training(learnt, trainer.config.said)), path)


def record(trainer: Trainer) -> dict[str, Any]:
    """What --json prints."""
    history = trainer.history
    return {
        "target": trainer.graph.target,
        "steps": trainer.step,
        "epochs": trainer.epoch,
        "stopped": trainer.stopped or None,
        "kept": trainer.kept,
        "outcome": _outcome(trainer.conclude()),
        "config": asdict(trainer.config),
        "evaluations": [_without_parameters(evaluation) for evaluation in history.evaluations],
        "losses": list(history.losses),
        "gradient_norms": list(history.gradient_norms),
        "parameters": trainer.parameters,
    }


def _outcome(conclusion: Conclusion) -> dict[str, Any]:
    said = {"sentence": conclusion.sentence, "remedy": conclusion.remedy, "nodes": list(conclusion.ids)}
    return {"kind": conclusion.kind, "failed": conclusion.failed, **said}


def _without_parameters(evaluation: Evaluation) -> dict[str, Any]:
    said = {name: value for name, value in vars(evaluation).items() if name != "parameters"}
    return said | {"health": {id: vars(layer) for id, layer in evaluation.health.items()}}


def _told(trainer: Trainer, said: str, out: str | None) -> str:
    evaluations = _spread(trainer.history.evaluations)
    heads = {"step": "step", "epoch": "epoch", "loss": "loss", "held_loss": "held-out loss"}
    heads |= {"accuracy": "accuracy", "held_accuracy": "held-out accuracy"}
    shown = [name for name in heads if any(getattr(e, name) is not None for e in evaluations)]
    rows = [[_cell(name, getattr(e, name)) for name in shown] for e in evaluations]
    parts = [_report.table([heads[name] for name in shown], rows, right=list(heads.values()))]
    values = [[name, _report.cell(value)] for name, value in trainer.parameters.items()]
    parts.append(_report.table(["parameter", "value"], values))
    parts.append(said)
    parts.append(f"Written to {out}." if out else "Nothing was written: --out FILE saves the trained graph.")
    return "\n\n".join(parts)


def _spread(evaluations: list[Evaluation]) -> list[Evaluation]:
    """The first, the last, and some between."""
    last = len(evaluations) - 1
    most = min(_MOST_ROWS - 1, last)
    return [evaluations[round(i * last / most)] for i in range(most + 1)] if most > 0 else evaluations


def _cell(name: str, number: float | None) -> str:
    if number is None:
        return _report.NONE
    return f"{number:.1%}" if "accuracy" in name else number_text(number)
