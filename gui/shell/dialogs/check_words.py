"""What the check of the gradients says in words: a headline, and a verdict for each leaf."""

import math

import numpy as np

from engine.truth.differences import WHO, LeafCheck, Report, Verdict
from engine.values.values import counted, exact_text, number_text, thousands

SIGNS: dict[Verdict, str] = {
    "ok": "✓", "mismatch": "✗ disagrees", "kink": "kink", "undefined": "undefined", "skipped": "not checked",
}  # fmt: skip
COUNTED: dict[Verdict, str] = {
    "ok": "agree", "mismatch": "disagree", "kink": "at a kink", "undefined": "undefined", "skipped": "not checked",
}  # fmt: skip
REASONS: dict[Verdict, str] = {
    "ok": "Both numbers agree.",
    "mismatch": "The two numbers differ by more than round-off and truncation can explain: the backward rule is wrong.",
    "kink": "The step crosses a corner, such as ReLU at 0: there is no derivative to compare with.",
    "undefined": "There is no slope to measure here: the target is not finite nearby, too steep, or lost in rounding.",
    "skipped": "This one was left out.",
}  # fmt: skip


def headline(report: Report) -> str:
    """The result as one sentence."""
    count = len(report.leaves)
    wrong = sum(leaf.verdict == "mismatch" for leaf in report.leaves)
    compared = [leaf for leaf in report.leaves if leaf.count("ok") or leaf.count("mismatch")]
    if not count:
        return "No leaf gets a gradient, so there is nothing to check."
    if wrong:
        verb = "disagrees" if wrong == 1 else "disagree"
        who = WHO[report.wrong_one]
        said = who if report.wrong_one == "one" else f"with central differences, {who}"
        return f"{wrong} of {count} gradients {verb} {said}."
    if not compared:
        return "None of the gradients can be compared with central differences."
    near = f"central differences {closeness(report)}"
    if len(compared) < count:
        return f"{len(compared)} of {count} gradients agree with {near}; the others cannot be compared."
    return f"All {count} gradients agree with {near}." if count > 1 else f"The gradient agrees with {near}."


def closeness(report: Report) -> str:
    """How well they agree: the largest relative error, rounded up to a power of ten."""
    worst = max((error_of(leaf, report.tolerance) for leaf in report.leaves), default=0.0)
    return f"to {number_text(10.0 ** math.ceil(math.log10(worst)), 1)}" if worst > 0 else "to the last digit"


def details(report: Report) -> str:
    """How many elements were compared, and how many could not be."""
    sizes = sum(leaf.verdicts.size for leaf in report.leaves)
    parts = [f"{thousands(sizes - report.count('skipped'))} of {counted(sizes, 'element')}"]
    kinks, undefined = report.count("kink"), report.count("undefined")
    parts += [f"{thousands(kinks)} of them at a kink, where there is no derivative"] if kinks else []
    parts += [f"{thousands(undefined)} of them where there is no slope to measure"] if undefined else []
    return ", ".join(parts) + f"; relative errors up to {number_text(report.tolerance, 2)} are allowed."


def error_of(leaf: LeafCheck, tolerance: float) -> float:
    """The largest relative error that means something: two numbers that are 0 but for round-off have none."""
    errors = np.asarray(leaf.error)
    agrees, wrong = leaf.verdicts == "ok", leaf.verdicts == "mismatch"
    return float(np.max(errors[(agrees & (errors <= tolerance)) | wrong], initial=0.0))


def verdict_text(leaf: LeafCheck) -> str:
    """✓; of a tensor, how many elements do what."""
    if not leaf.verdicts.ndim:
        return SIGNS[leaf.verdict]
    kinds: tuple[Verdict, ...] = ("mismatch", "undefined", "kink", "ok", "skipped")
    counts = [f"{leaf.count(verdict)} {COUNTED[verdict]}" for verdict in kinds if leaf.count(verdict)]
    return f"{'✗' if leaf.count('mismatch') else '✓' if leaf.count('ok') else '–'} {', '.join(counts)}"


def error_text(leaf: LeafCheck, tolerance: float) -> str:
    """The relative error of the element that is shown."""
    error, verdict = float(np.asarray(leaf.error)[leaf.worst_at]), str(leaf.verdicts[leaf.worst_at])
    if verdict not in ("ok", "mismatch"):
        return "–"
    return "round-off" if verdict == "ok" and error > tolerance else number_text(error, 2)


def element_name(name: str, index: tuple[int, ...]) -> str:
    """w, or w[0, 2]."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def digits(number: float) -> str:
    """An element, with the digits that the comparison is about."""
    return number_text(number, 10) if np.isfinite(number) else exact_text(number)
