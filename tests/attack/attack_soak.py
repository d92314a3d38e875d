"""An hour of animation, training, files, exports and dialogs in one window: nothing may grow."""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random

from PySide6.QtCore import QCoreApplication

from tests.attack.attack import Failed, Options, Report
from tests.attack.soak.gauges import Sample, growth, look, most_grown, slope

TRIES = "A window is used for hours; its memory, timers, widgets, file handles and threads must not grow."
ONLY_NAMED = True
MEMORY = None
MINUTES = 60.0
LOOKS = 120  # at most so many measurements; the first fifth of the time is warm-up
WARM = 0.2
SHOWN = 12  # of them


def absent() -> str:
    return "" if Path("/proc/self/statm").exists() else "needs /proc to measure"


def run(options: Options) -> Report:
    os.nice(5)  # beside other work; more would starve it
    from gui.document import settings
    from tests.attack.program import make_program
    from tests.attack.soak.acts import ACTS, Afternoon, close_window

    application = make_program("light")
    settings.put("reduced_motion", False)
    random, report = Random(options.seed), Report("soak")
    began, faults = time.monotonic(), _listen()
    length, afternoon = options.minutes * 60, Afternoon(application, Path.cwd(), random)
    samples: list[Sample] = []
    number = 0
    afternoon.tour()
    while time.monotonic() - began < length and number != options.cases:
        for do in random.sample(ACTS, len(ACTS)):
            do(afternoon)
            report.cases += 1
        number += 1
        seconds = time.monotonic() - began
        if seconds >= length * len(samples) / LOOKS:
            afternoon.rest()
            samples.append(look(seconds, number))
            print(_line(samples[-1]), flush=True)
    close_window(afternoon.window)
    report.failures = [Failed(sentence, detail=detail) for sentence, detail in faults]
    return _judged(report, samples, time.monotonic() - began)


def _listen() -> list[tuple[str, str]]:
    """Whatever the program has to complain about is a failure too."""
    from gui.document.errors import Funnel, Notice, install

    faults: list[tuple[str, str]] = []
    funnel = Funnel(QCoreApplication.instance())

    def note(notice: Notice) -> None:
        if notice.details:
            faults.append((notice.sentence, notice.details))

    funnel.told.connect(note)
    install(funnel)
    return faults


def _judged(report: Report, samples: list[Sample], seconds: float) -> Report:
    report.seconds = seconds
    warm = [sample for sample in samples if sample.seconds >= WARM * seconds]
    if len(warm) < 5:
        report.failures.append(Failed(f"only {len(warm)} measurements after the warm-up: give it more minutes"))
        return report
    report.failures += [Failed(sentence, detail="\n".join(most_grown(warm))) for sentence in growth(warm)]
    hourly, _ = slope([sample.seconds / 3600 for sample in warm], [sample.memory for sample in warm])
    first, last = warm[0], warm[-1]
    report.said = (
        f"{seconds / 60:.1f} min, {samples[-1].round} rounds, memory {first.memory:.0f} to {last.memory:.0f} MB "
        f"({hourly:+.1f} MB/h), timers {first.counts['timers']} to {last.counts['timers']} running "
        f"of {last.counts['all timers']}, widgets {first.counts['widgets']} to {last.counts['widgets']}, "
        f"handles {first.counts['handles']} to {last.counts['handles']}, threads {last.counts['threads']}\n"
        f"more than before: {', '.join(most_grown(warm)) or 'nothing'}\n"
    ) + "\n".join(_line(sample) for sample in samples[:: max(1, len(samples) // SHOWN)])
    return report


def _line(sample: Sample) -> str:
    counts = "  ".join(f"{name} {number:,}" for name, number in sample.counts.items())
    memory = f"memory {sample.memory:6.1f} MB  held {sample.held:6.1f} MB"
    return f"{sample.seconds / 60:7.1f} min  round {sample.round:4d}  {memory}  {counts}"
