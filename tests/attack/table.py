"""What is printed at the end: a row an attack, and below it each kind of failure with its input."""

from __future__ import annotations

from collections.abc import Sequence

from tests.attack.attack import Failed, Report

HEAD = ("attack", "cases", "failures", "seconds", "cases/s", "worst", "")


def table(reports: Sequence[Report]) -> str:
    rows = [HEAD, *map(_row, reports)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD) - 1)]
    return "\n".join(_line(row, widths) for row in rows)


def failures_text(reports: Sequence[Report]) -> str:
    """Every kind of failure, or that there was none."""
    found = [(report, failed) for report in reports for failed in report.failures]
    if not found:
        return "No failures."
    return "\n".join(_told(report.attack, failed) for report, failed in found)


def _told(attack: str, failed: Failed) -> str:
    times = f" ({failed.times} times)" if failed.times > 1 else ""
    saved = f"; saved as {failed.saved}" if failed.saved else ""
    head = f"\n{attack}: {failed.sentence}{times}\n  {failed.case}{saved}"
    return head + "".join(f"\n    {line}" for line in failed.detail.strip().splitlines()[-30:])


def _row(report: Report) -> tuple[str, ...]:
    rate = report.cases / report.seconds if report.seconds else 0.0
    figures = (f"{report.cases:,}", f"{report.failed:,}", f"{report.seconds:.0f}", f"{rate:.1f}")
    return (report.attack, *figures, f"{report.worst:.2f} s", report.said)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row[:-1]  # what is said follows as it is
    cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
    return "  ".join([*cells, row[-1]]).rstrip()
