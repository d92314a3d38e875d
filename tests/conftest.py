"""What all tests share: no screen, settings of their own, repeatable random examples, no timer left running.

Qt is imported only where a test asks for it, so that the engine's tests stay fast.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("dev", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("ci", settings.get_profile("dev"), max_examples=25)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_numbers = count()
MUCH, MANY = 50_000, 4  # objects made since garbage was looked for; and how often it was, not deeply


@pytest.fixture(scope="session", autouse=True)
def config_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing that a test starts may touch the settings of whoever runs it."""
    root = tmp_path_factory.mktemp("config")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADLOOM_CONFIG_DIR", str(root))
        patch.delenv("GRADLOOM_STATE_DIR", raising=False)
        yield root


@pytest.fixture(autouse=True)
def config_dir(config_root: Path) -> Iterator[Path]:
    """A folder for settings, with the state folder in it, per test: not yet there, as on a first start."""
    folder = config_root / str(next(_numbers))
    with pytest.MonkeyPatch.context() as patch:  # the test's own `monkeypatch` stays its own
        patch.setenv("GRADLOOM_CONFIG_DIR", str(folder))
        yield folder


gc.disable()  # a thread that a test has started must not delete what is Qt’s: see gui/document/garbage.py


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Garbage is looked for between tests, in their own thread."""
    yield
    if gc.isenabled():
        gc.disable()
        pytest.fail("Python looks for garbage again: from now on any thread might have deleted what is Qt’s")
    if gc.get_count()[0] > MUCH:
        gc.collect(2 if gc.get_count()[1] > MANY else 1)
    if not gc.get_freeze_count() and "PySide6.QtWidgets" in sys.modules:
        gc.collect()
        gc.freeze()  # modules, functions, classes: they stay, and need not be looked through after every test


@pytest.fixture(autouse=True)
def no_timer_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A timer that outlives its test ticks in the next one, and one that outlives its window crashes."""
    yield
    if "qapp" in request.fixturenames and (left := _timers_left()):
        names = ", ".join(_describe(timer) for timer in left)
        for timer in left:  # the next test is not to blame
            timer.stop()
        pytest.fail(f"left running after the test: {names}", pytrace=False)


def _timers_left() -> list[QTimer]:
    """Blame only what survives the deletion of closed windows and of garbage."""
    _delete_closed_windows()
    if not _running_timers():
        return []
    gc.collect()
    _delete_closed_windows()
    return _running_timers()


def _delete_closed_windows() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _running_timers() -> list[QTimer]:
    """All that Python has made, whether a widget, a plain object or nobody owns them."""
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    timers = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    return [timer for timer in timers if isValid(timer) and timer.isActive()]


def _describe(timer: QTimer) -> str:
    owner = timer.parent()
    return f"QTimer {timer.objectName()!r} of {type(owner).__name__}, every {timer.interval()} ms"


@pytest.fixture(autouse=True)
def nothing_allowed() -> Iterator[None]:
    """No test leaves behind what it has let datasets read."""
    yield
    if (access := sys.modules.get("engine.data.access")) is not None:
        access.allow_data()
