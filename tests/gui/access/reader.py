"""A screen reader's half of the test, for a Python that has AT-SPI: it takes orders line by line, and answers in JSON.

It sees of the program what the accessibility bus tells, and nothing else.
"""

from __future__ import annotations

import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402  # the version is asked for first

DEEPEST = 30
heard: list[str] = []


def hear(event: Atspi.Event) -> None:
    heard.append(str(event.any_data))


def turn(seconds: float = 0.0) -> None:
    """Let events come in."""
    until = time.monotonic() + seconds
    while GLib.MainContext.default().iteration(False) or time.monotonic() < until:
        time.sleep(0.002)


def program(name: str) -> Atspi.Accessible | None:
    """The program, when it has come to the bus."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    found = [desktop.get_child_at_index(row) for row in range(desktop.get_child_count())]
    return next((one for one in found if one is not None and one.get_name() == name), None)


def walk(thing: Atspi.Accessible, menus: bool = False, depth: int = 0):
    """A thing and all that is in it, but for what is not shown: menus are read before they open, or not at all."""
    yield thing, depth
    in_menu = "menu" in thing.get_role_name()
    if depth < DEEPEST and (menus or not in_menu):
        for row in range(thing.get_child_count()):
            child = thing.get_child_at_index(row)
            if child is not None and (in_menu or depth < 2 or is_shown(child)):
                yield from walk(child, menus, depth + 1)


def is_shown(thing: Atspi.Accessible) -> bool:
    return thing.get_state_set().contains(Atspi.StateType.VISIBLE)


def told(thing: Atspi.Accessible) -> dict[str, object]:
    """All that is said of a thing."""
    deeds, number = [], None
    if (action := thing.get_action_iface()) is not None:
        deeds = [Atspi.Action.get_action_name(action, row) for row in range(Atspi.Action.get_n_actions(action))]
    if (value := thing.get_value_iface()) is not None:
        number = Atspi.Value.get_current_value(value)
    said = {"role": thing.get_role_name(), "name": thing.get_name(), "description": thing.get_description()}
    return {**said, "deeds": deeds, "number": number}


def find(order: dict[str, str]) -> Atspi.Accessible:
    """The thing with a role whose name begins so."""
    seen = []
    for thing, _ in walk(program(order["program"]), order["role"] == "menu item"):
        if thing.get_role_name() == order["role"]:
            seen.append(thing.get_name())
            if thing.get_name().startswith(order["name"]):
                return thing
    raise LookupError(f"no {order['role']} is called {order['name']}: {seen}")


def obey(order: dict) -> object:
    """Wait for the program, list what there is, do a deed, set a number, or say what was announced."""
    match order["do"]:
        case "wait":
            return program(order["program"]) is not None
        case "list":
            return [{**told(thing), "depth": depth} for thing, depth in walk(program(order["program"]))]
        case "tell":
            return told(find(order))
        case "act":
            action = find(order).get_action_iface()
            names = [Atspi.Action.get_action_name(action, row) for row in range(Atspi.Action.get_n_actions(action))]
            return Atspi.Action.do_action(action, names.index(order["deed"]))
        case "put":
            return Atspi.Value.set_current_value(find(order).get_value_iface(), order["number"])
        case "heard":
            turn(0.2)
            said, heard[:] = list(heard), []
            return said
    raise ValueError(order)


def main() -> None:
    Atspi.init()
    listener = Atspi.EventListener.new(hear)
    listener.register("object:announcement")
    for line in sys.stdin:
        turn()
        try:
            answer = {"answer": obey(json.loads(line))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
