"""What the user prefers, applied to the program and kept: theme, wording, reduced motion, speed, loop."""

from __future__ import annotations

from engine.show.explain import WORDINGS, Wording
from engine.show.player import SPEEDS
from gui.document import settings
from gui.document.bridge import Bridge
from gui.look.theme import themes


class Preferences:
    """Puts the settings into force at the start, and each choice from then on."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        wording, player = settings.get("wording"), bridge.player
        bridge.set_wording(wording if wording in WORDINGS else WORDINGS[0])
        player.reduced_motion = settings.get("reduced_motion")
        player.loop = settings.get("loop")
        player.speed = min(SPEEDS, key=lambda speed: abs(speed - settings.get("speed")))

    @property
    def theme(self) -> str:
        """What was asked for: light, dark or system."""
        return themes.mode

    def choose_theme(self, name: str) -> None:
        settings.put("theme", name)
        themes.choose(name)

    def switch_theme(self) -> None:
        """From light to dark, or back."""
        self.choose_theme("light" if themes.current.name == "dark" else "dark")

    def choose_wording(self, wording: Wording) -> None:
        settings.put("wording", wording)
        self._bridge.set_wording(wording)

    def toggle_reduced_motion(self) -> None:
        player = self._bridge.player
        player.reduced_motion = not player.reduced_motion
        settings.put("reduced_motion", player.reduced_motion)
        self._bridge.moved.emit()

    def toggle_loop(self) -> None:
        player = self._bridge.player
        player.loop = not player.loop
        settings.put("loop", player.loop)
        self._bridge.moved.emit()

    def change_speed(self, steps: int) -> None:
        """To the next higher (1) or lower (−1) speed."""
        player = self._bridge.player
        at = min(max(SPEEDS.index(player.speed) + steps, 0), len(SPEEDS) - 1)
        player.speed = SPEEDS[at]
        settings.put("speed", player.speed)
        self._bridge.moved.emit()
