"""What the panel of what was learnt says: how right it is, what a row is, and what the rows' gradients add up to."""

from __future__ import annotations

import numpy as np

from engine.learn.decisions import probabilities
from engine.learn.learnt import Learnt, Marked
from engine.learn.samples import Shares
from engine.values.values import counted, number_text
from gui.panels.learnt.colours import mark_of

MOST_CLASSES = 6  # as many have a mark of their own


def percent_of(share: float) -> str:
    return f"{number_text(100 * share, 3)} %"


def how_right(training: Marked, held: Marked | None) -> str:
    """`98.7 % right, held out 96 %`, or how far off the numbers are."""
    if training.accuracy is None:
        said = f"off by {number_text(float(np.mean(training.surprise)), 3)}"
        beside = f"{said}, held out {number_text(float(np.mean(held.surprise)), 3)}" if held else ""
        return beside or f"{said} on average"  # with both, there is no room for more above the picture
    said = f"{percent_of(training.accuracy)} right"
    return f"{said}, held out {percent_of(held.accuracy or 0.0)}" if held else said


def legend(learnt: Learnt, has_held: bool) -> str:
    """What marks, colours and depth mean."""
    names = "   ".join(f"{mark_of(n)} {name}" for n, name in enumerate(learnt.classes[:MOST_CLASSES]))
    hollow = "hollow: held out" if has_held else ""
    deep = "the deeper, the surer" if learnt.classes and len(learnt.columns) == 2 else ""
    if learnt.kind == "numbers" and len(learnt.columns) == 2:
        deep = "blue: the lowest targets, orange: the highest"
    return " · ".join(part for part in (names, hollow, deep) if part)


def name_of(learnt: Learnt, number: float) -> str:
    """What is right for a row, as one says it."""
    return class_name(learnt.classes[int(number)]) if learnt.classes else number_text(number, 4)


def class_name(name: str) -> str:
    """A class within a sentence: one that is a mark, such as the dot at the end of a word, is quoted."""
    return name if any(letter.isalnum() for letter in name) else f"“{name}”"


def mistake(learnt: Learnt, marked: Marked, at: int) -> str:
    """`Row 71: versicolor, taken for virginica (83 %)`."""
    row = int(marked.rows[at]) + 1
    if not learnt.classes:
        says, right = (number_text(float(np.ravel(x)[0]), 4) for x in (marked.outputs[at], marked.targets[at]))
        return f"Row {row}: says {says}, right is {right}"
    p = probabilities(learnt.loss, marked.outputs[at : at + 1])
    chosen = int(marked.chosen[at])
    sure = f" ({percent_of(float(p[0, chosen]))})" if p is not None else ""
    right, taken = (class_name(learnt.classes[number]) for number in (int(marked.right[at]), chosen))
    return f"Row {row}: {right}, taken for {taken}{sure}"


def row_said(learnt: Learnt, marked: Marked) -> str:
    """What one row is, and what the model says to it."""
    row = int(marked.rows[0])
    held = row in set(learnt.data.held_out.tolist())
    which = f"Row {row + 1}{' (held out)' if held else ''}"
    right = name_of(learnt, float(learnt.truth()[row]))
    if not learnt.classes:
        return f"{which}: target {right}, the model says {number_text(float(marked.outputs[0, 0]), 4)}."
    p = probabilities(learnt.loss, marked.outputs)
    chosen = int(marked.chosen[0])
    sure = f" with p = {number_text(float(p[0, chosen]), 3)}" if p is not None else ""
    verb = "and that is what the model says" if chosen == int(marked.right[0]) else "the model says"
    named = "" if chosen == int(marked.right[0]) else f" {class_name(learnt.classes[chosen])}"
    return f"{which} is {right}, {verb}{named}{sure}."


def shares_said(found: Shares, row: int) -> str:
    """How this row's gradient stands to the batch's."""
    if not found.how:
        return "The rows of a batch are not told apart by this loss: its gradient is neither their mean nor their sum."
    own = found.lengths[row]
    whole = number_text(float(np.sqrt(found.batch @ found.batch)), 3)
    apart = found.apart(found.mean if found.how == "mean" else found.sum)
    close = f"to {number_text(apart, 2)}" if apart else "to the last bit"
    said = f"The {found.how} of the gradients of all {counted(found.count, 'training row')} is the batch's"
    alone = "" if np.isnan(own) else f"Its own gradient has length {number_text(float(own), 3)}. "
    return f"{alone}{said}, length {whole}, {close}."
