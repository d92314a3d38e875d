"""How the update of a step of learning is told: its lines as terms with this graph's names, and its sentences."""

import numpy as np

from engine.learn.optimisers import OPTIMISERS
from engine.learn.rule import GRADIENT, OWN
from engine.passes.trace import DropStep, RuleLine, UpdateStep
from engine.show.backward import Backward
from engine.show.names import Names
from engine.show.terms import Expression, Quantity, Term
from engine.show.wording import Wording, worded
from engine.values.values import Value, number_text, told_apart

KEPT = 0.1  # of what was promised: a true drop that differs by less keeps the promise
WHY = {
    "sgd": "It goes against its gradient, and the learning rate η says how far.",
    "momentum": "It goes on with its velocity v, which keeps most of what it was and takes up the gradient.",
    "adam": "m is the mean of its gradients of late and v that of their squares: by √v every parameter has a step size "
    "of its own. Both began at 0, which is corrected.",
}
STAYS = "a small turn would change nothing, so it stays."
ONLY_DECAY = "only weight decay moves it, which takes the share η · λ of it in each step."
DECAY = "Weight decay takes the share η · λ of it besides."


def told_line(said: Backward, step: UpdateStep | DropStep, line: RuleLine) -> tuple[Term, Term]:
    """Both sides of a line."""
    left = _part(said, step, line.name, line.value)
    parts = {letter: _part(said, step, name, value) for letter, (name, value) in line.parts.items()}
    return left, parts["s"] if line.source == "s" else Expression(line.source, parts)


def _part(said: Backward, step: UpdateStep | DropStep, name: str, value: Value) -> Quantity:
    if name.startswith(GRADIENT):
        return said.gradient(name.removeprefix(GRADIENT) or step.node, value)
    own = said.names.node(step.node) if isinstance(step, UpdateStep) else said.names.goal
    text = f"Δ{said.names.node(name[1:])}" if name[1:] and name.startswith("Δ") else name.replace(OWN, own)
    return Quantity("value" if text == own or len(text) == 1 else "seed", step.node, value, (text,))


# --- in words


def heading_of(names: Names, step: UpdateStep) -> str:
    """What a parameter does in the step."""
    name, moved = names.node(step.node), np.asarray(step.after - step.before)
    if not np.any(moved):
        return f"{name} stays where it is"
    along = np.sum(moved * step.gradient)
    if np.any(step.gradient) and not along > 0:
        return f"{name} turns against its gradient"
    left = _left_by_decay(step)
    if left is not None and not np.sum((step.after - left * step.before) * step.gradient) > 0:
        return f"{name} is moved by weight decay"
    return f"{name} is carried on by its momentum"


def _left_by_decay(step: UpdateStep) -> Value | None:
    """Which part of a parameter the decay of weights leaves, 1 − η · λ; None: nothing decays."""
    parts = {letter: value for letter, (_, value) in step.lines[-1].parts.items()}
    return 1 - parts["r"] * parts["l"] if "l" in parts else None


def why_turned(names: Names, step: UpdateStep, wording: Wording) -> str:
    """The reason: the rule of the optimiser, in words."""
    decays = _left_by_decay(step) is not None
    if not np.any(step.gradient) and step.optimiser == "sgd":
        return worded(f"Its gradient is 0: {ONLY_DECAY if decays else STAYS}", wording)
    title = OPTIMISERS[step.optimiser].title
    said = (f"{title}:", WHY.get(step.optimiser), DECAY if decays else "", _unmarked(names, step))
    return worded(" ".join(filter(None, said)), wording)


def _unmarked(names: Names, step: UpdateStep) -> str:
    """Why an input turns."""
    if names.graph.nodes[step.node].op_name == "parameter":
        return ""
    return "Nothing here is marked as a parameter, so every input is turned."


def drop_sentence(names: Names, step: DropStep, wording: Wording) -> str:
    """`L fell from 0.5 to 0.42, by 0.08; the gradient had promised 0.1.`"""
    was, now = float(step.before), float(step.after)
    drop, promised = was - now, float(step.promised)
    went = "stayed at" if drop == 0 else "fell from" if drop > 0 else "rose from"
    before, after = told_apart(was, now)
    first = f"{names.goal} {went} {before}"
    if drop:
        first += f" to {after}, by {number_text(abs(drop))}"
    rise = "a rise of " if promised < 0 else "a drop of "
    return worded(f"{first}; the gradient had promised {rise}{number_text(abs(promised))}.", wording)


def why_so(step: DropStep) -> str:
    """Why the drop is what was promised, or another."""
    drop, promised = float(step.before - step.after), float(step.promised)
    if not (np.isfinite(drop) and np.isfinite(promised)):
        return "The step was so large that the numbers are not finite any more: a smaller learning rate may help."
    if promised == 0:
        return "Nothing was promised: every gradient is 0 here, nothing was turned, or the step is too small to count."
    if drop == 0 and float(step.before) - promised == float(step.before):
        return "So small a change is lost in rounding: a number has about 16 digits."
    if abs(drop - promised) <= KEPT * abs(promised):
        return "A promise of the first order, −g · Δ summed over all that was turned: small steps keep it."
    if promised > 0 > drop:
        return (
            "The promise is that of a straight line, −g · Δ summed over all that was turned. The step was so long that "
            "the ground had bent upwards before its end: a smaller learning rate keeps the promise."
        )
    return (
        "The promise is that of a straight line, −g · Δ summed over all that was turned; over a step this long the "
        "ground bends. The smaller the learning rate, the better the promise is kept."
    )
