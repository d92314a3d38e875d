"""(x + y) · z is built and stepped through over the accessibility bus alone, in the real program on a real X server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

READER = Path(__file__).with_name("reader.py")
ROOT = READER.parents[3]
PACKAGES = "xvfb dbus at-spi2-core gir1.2-atspi-2.0 python3-gi libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1"
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
PATIENCE = 30.0  # seconds
EDGES = {"x": "port a of add", "y": "port b of add", "add": "port a of mul", "z": "port b of mul"}
STEPS = 10  # five values, the seed, four contributions


def lacking() -> str:
    """Why there can be no accessibility bus here; nothing where there can be."""
    absent = [name for name in ("Xvfb", "dbus-daemon") if shutil.which(name) is None]
    if not any(map(os.path.exists, LAUNCHERS)):
        absent.append("at-spi-bus-launcher")
    if reads_bus() is None:
        absent.append("a Python with gi and Atspi 2.0")
    return f"{', '.join(absent)} not found: apt-get install {PACKAGES}" if absent else ""


def reads_bus() -> str | None:
    """A Python that has AT-SPI: the system's, for its packages are."""
    for python in ("/usr/bin/python3", sys.executable):
        asks = [python, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
        if os.path.exists(python) and subprocess.run(asks, capture_output=True).returncode == 0:
            return python
    return None


class Ear:
    """The screen reader: each method is one look at the bus, or one deed over it."""

    def __init__(self, reader: subprocess.Popen[str]) -> None:
        self._reader = reader

    def ask(self, do: str, **order: Any) -> Any:
        assert self._reader.stdin and self._reader.stdout
        self._reader.stdin.write(json.dumps({"do": do, "program": "Gradloom", **order}) + "\n")
        self._reader.stdin.flush()
        answer = json.loads(self._reader.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def act(self, role: str, name: str, deed: str = "Press") -> None:
        assert self.ask("act", role=role, name=name, deed=deed)

    def put(self, name: str, number: float) -> None:
        self.ask("put", role="spin button", name=name, number=number)

    def tell(self, role: str, name: str) -> dict[str, Any]:
        told: dict[str, Any] = self.ask("tell", role=role, name=name)
        return told

    def sees(self, role: str, name: str, number: float) -> bool:
        """A button that is pressed so acts a tenth of a second later, as if somebody held it down."""
        return self.until(lambda: self._number(role, name) == number)

    def _number(self, role: str, name: str) -> float | None:
        """What a thing holds; None: it is not there yet."""
        try:
            return float(self.tell(role, name)["number"])
        except AssertionError:
            return None

    def until(self, ask: Callable[[], bool]) -> bool:
        end = time.monotonic() + PATIENCE
        while not ask() and time.monotonic() < end:
            time.sleep(0.05)
        return ask()


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    """An X server, a bus, the program with a new document, and one who listens."""
    if why := lacking():
        pytest.skip(why)
    with ExitStack() as stack:
        env = {**os.environ, **_screen(stack), **_bus(stack), "GRADLOOM_STATE_DIR": str(tmp_path / "state")}
        env |= {"GRADLOOM_CONFIG_DIR": str(tmp_path / "config"), "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "xcb"}
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "gradloom.ini").write_text("[General]\nreduced_motion=true\n")
        log = stack.enter_context((tmp_path / "log").open("w"))
        program = _begin(stack, [sys.executable, "-m", "gui"], {**env, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}, log)
        reader = _begin(stack, [str(reads_bus()), "-W", "ignore", str(READER)], env, log)
        ear = Ear(reader)
        assert ear.until(lambda: ear.ask("wait")), (tmp_path / "log").read_text()
        yield ear
        program.terminate()  # while somebody listens
        assert program.wait(PATIENCE) == 0, (tmp_path / "log").read_text()
        assert "Traceback" not in (tmp_path / "log").read_text()


def _begin(stack: ExitStack, command: list[str], env: dict[str, str], log: Any = None) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    begun = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=log, text=True)
    stack.enter_context(begun)  # closes its pipes, and waits for it,
    stack.callback(begun.kill)  # which has been ended before
    return begun


def _screen(stack: ExitStack) -> dict[str, str]:
    read, write = os.pipe()
    size = ["-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), *size], pass_fds=[write], stderr=subprocess.DEVNULL)
    stack.enter_context(server)
    stack.callback(server.kill)
    os.close(write)
    with os.fdopen(read) as number:
        return {"DISPLAY": f":{number.readline().strip()}"}


def _bus(stack: ExitStack) -> dict[str, str]:
    bus = _begin(stack, ["dbus-daemon", "--session", "--print-address", "--nofork"], dict(os.environ))
    assert bus.stdout
    return {"DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}


def test_x_plus_y_times_z_is_built_and_stepped_through_over_the_bus(ear: Ear) -> None:
    ear.act("menu item", "New")
    for op in ("Input.", "Input.", "Input.", "Add.", "Multiply."):
        ear.act("list item", op)
    for source, goal in EDGES.items():
        ear.act("push button", f"output {source}")
        ear.act("push button", goal)
    for leaf, number in (("x, Input", -2), ("y, Input", 5), ("z, Input", -4)):
        ear.put(leaf, number)
    assert ear.tell("list item", "mul, Multiply, target")["number"] == -12
    assert ear.tell("list item", "add, Add")["description"] == "value 3, gradient −4"
    assert ear.tell("link", "edge from z to port b of mul")["description"] == "value −4, contribution 3"
    step_through(ear)


def step_through(ear: Ear) -> None:
    """From the start to the end, by the button of the timeline: each step is announced, and what is said is true."""
    ear.act("push button", "To the beginning")
    assert ear.sees("slider", "Timeline", 0)
    assert ear.tell("list item", "add, Add")["description"] == "value not known yet"
    ear.ask("heard")
    said: list[str] = []
    for step in range(1, STEPS + 1):
        ear.act("push button", "One step forward")
        assert ear.sees("slider", "Timeline", step)
        said += ear.ask("heard")
    assert ear.tell("list item", "add, Add")["description"] == "value 3, gradient −4"
    told = [line for line in said if f"/ {STEPS}" in line]
    assert [line.partition(" ")[0] for line in told] == [str(step) for step in range(1, STEPS + 1)], said
    assert any("∂mul/∂x = ∂mul/∂add · ∂add/∂x = −4 × 1 = −4" in line for line in told)


def test_every_thing_has_a_name_and_no_name_hides_what_is_shown(ear: Ear) -> None:
    ear.act("menu item", "New")
    ear.act("push button", "(x + y) · z")
    assert ear.sees("list item", "q, Add", 3)
    ear.act("list item", "q, Add")
    things = ear.ask("list")
    named = ("push button", "check box", "slider", "spin button", "text", "list item", "link", "canvas")
    assert not [thing for thing in things if thing["role"] in named and not thing["name"]], things
    labels = [thing["name"] for thing in things if thing["role"] == "label"]
    assert "value: 3" in labels and "gradient: −4" in labels
