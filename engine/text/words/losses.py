"""Losses as PyTorch has them: functions and modules, with `reduction`."""

from typing import Any

from engine.text.call import Call, word
from engine.text.things import Callee, Thing
from engine.text.words.elementwise import spelled

# By the function's name: our op, what it is for each element, and PyTorch's module.
_EACH = {
    "mse_loss": ("mse", "square(o - t)", "MSELoss"),
    "l1_loss": ("mae", "abs(o - t)", "L1Loss"),
    "binary_cross_entropy": ("bce", "-(t * log(o) + (1 - t) * log(1 - o))", "BCELoss"),
    "binary_cross_entropy_with_logits": (
        "bce_with_logits",
        "t * softplus(-o) + (1 - t) * softplus(o)",
        "BCEWithLogitsLoss",
    ),
}
_OTHERS = {
    "huber_loss": ("where(abs(o - t) <= d, 0.5 * square(o - t), d * (abs(o - t) - 0.5 * d))", "HuberLoss", "delta"),
    "smooth_l1_loss": ("where(abs(o - t) < d, 0.5 * square(o - t) / d, abs(o - t) - 0.5 * d)", "SmoothL1Loss", "beta"),
    "soft_margin_loss": ("log(1 + exp(-t * o))", "SoftMarginLoss", ""),
}
_OLD_WORDS = "size_average reduce"


def _reduction(call: Call) -> str:
    said = call.plain("reduction", "mean")
    if said not in ("mean", "sum", "none"):
        call.refuse("“reduction” must be 'mean', 'sum' or 'none'", call.expression("reduction"))
    return str(said)


def _reduced(call: Call, each: str, reduction: str, **given: Any) -> Thing:
    """The losses of all elements, put together as it is asked."""
    text = {"mean": f"mean({each})", "sum": f"sum({each})", "none": each}[reduction]
    return spelled(call, text, **given)


def _loss_of_each(call: Call) -> Thing:
    op, each, _ = _EACH[call.called]
    call.take("o t weight reduction pos_weight" if call.library else "o t weight reduction")
    _refuse_given(call, "weight", "pos_weight")
    o, t, reduction = call.operand("o"), call.operand("t"), _reduction(call)
    return call.make(op, o, t) if reduction == "mean" else _reduced(call, each, reduction, o=o, t=t)


def _refuse_given(call: Call, *names: str) -> None:
    for name in names:
        if call.has(name) and call.plain(name) is not None:
            call.refuse(f"“{name}” of {call.called} is not understood here: write the loss out", call.expression(name))


def _other_loss(call: Call) -> Thing:
    each, _, corner = _OTHERS[call.called]
    call.take(f"o t reduction {corner}" if call.called == "huber_loss" else f"o t {_OLD_WORDS} reduction {corner}")
    given: dict[str, Any] = {"o": call.operand("o"), "t": call.operand("t")}
    if corner:
        given["d"] = call.plain(corner, 1.0)
    return _reduced(call, each, _reduction(call), **given)


def _cross_entropy(call: Call) -> Thing:
    call.take("o t weight size_average ignore_index reduce reduction label_smoothing")
    return _of_classes(call, "log_softmax(o)", "cross_entropy")


def _nll(call: Call) -> Thing:
    call.take("o t weight size_average ignore_index reduce reduction")
    return _of_classes(call, "o", "")


def _of_classes(call: Call, logarithms: str, op: str) -> Thing:
    _refuse_given(call, "weight")
    if call.plain("ignore_index", -100) != -100 or call.plain("label_smoothing", 0.0):
        call.refuse(
            f"“ignore_index” and “label_smoothing” of {call.called} are not understood here: write the loss out"
        )
    o, t, reduction = call.operand("o"), call.operand("t"), _reduction(call)
    shape = call.reading.made.shape(o)
    if shape is not None and len(shape) > 2 and call.library == "torch":
        call.refuse("PyTorch has the classes in the second axis here: reshape the logits to (n, classes)")
    if op and reduction == "mean":
        return call.make(op, o, t)
    each = f"sum(one_hot(t, o) * {logarithms}, axis=-1)"
    text = {"mean": f"-mean({each})", "sum": f"-sum({each})", "none": f"-{each}"}[reduction]
    return spelled(call, text, o=o, t=t)


def _functions() -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(_EACH, _loss_of_each) | dict.fromkeys(_OTHERS, _other_loss)
    return found | {"cross_entropy": _cross_entropy, "nll_loss": _nll}


_MODULES = {module: name for name, (_, _, module) in _EACH.items()}
_MODULES |= {module: name for name, (_, module, _) in _OTHERS.items()}
_MODULES |= {"CrossEntropyLoss": "cross_entropy", "NLLLoss": "nll_loss"}

for _name, _rule in _functions().items():
    word(_name)(_rule)


def _module(call: Call) -> Thing:
    """nn.MSELoss(reduction='sum')(o, t)."""
    name, rule = _MODULES[call.called], _functions()[_MODULES[call.called]]
    if call.args and call.library in ("", "method"):  # MSELoss(o, t), as Gradloom has it
        call.called = name
        return rule(call)
    if call.args:
        call.refuse(f"{call.called} takes its settings by name; its values come after: {call.called}()(o, t)")
    words = dict(call.words)

    def loss(later: Call) -> Thing:
        later.words = {**words, **later.words}
        later.called, later.library = name, "torch"
        return rule(later)

    return Callee(call.called, loss)


for _name in _MODULES:
    word(_name)(_module)


@word("gaussian_nll_loss", "GaussianNLLLoss")
def _gaussian(call: Call) -> Thing:
    call.refuse("write it out: mean(0.5 * (log(v) + (o - t) ** 2 / v))")
