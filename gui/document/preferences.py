"""What the user prefers, applied to the program and kept: theme, text size, wording, reduced motion, speed, loop."""

from PySide6.QtCore import QObject, Signal

from engine.show.player import SPEEDS
from engine.show.wording import WORDINGS, Wording
from engine.values.memory import MEMORY, USUAL, read_memory
from gui.document import motion, settings
from gui.document.bridge import Bridge
from gui.look.text_size import SIZES, text_size
from gui.look.theme import themes


class Preferences(QObject):
    """Puts the settings into force at the start, and each choice from then on: nobody else does."""

    changed = Signal()  # how the player plays, and how large text is

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self.player = bridge, bridge.player
        self.read()

    def read(self) -> None:
        """Put into force what is kept: another window, or another tab, may have changed it."""
        wording, player = settings.get("wording"), self.player
        before = (player.reduced_motion, player.loop, player.speed)
        if (wanted := wording if wording in WORDINGS else WORDINGS[0]) != self._bridge.now.wording:
            self._bridge.set_wording(wanted)
        text_size.choose(settings.get("text_size"))
        MEMORY.limit = _memory(settings.get("memory"))
        player.reduced_motion = motion.is_reduced()
        player.loop = settings.get("loop")
        player.speed = min(SPEEDS, key=lambda speed: abs(speed - settings.get("speed")))
        if before != (player.reduced_motion, player.loop, player.speed):
            self.changed.emit()

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

    def choose_text_size(self, percent: int) -> None:
        """How large text is beside the canvas."""
        settings.put("text_size", float(percent))
        text_size.choose(percent)
        self.changed.emit()

    def change_text_size(self, steps: int) -> None:
        """To the next larger (1) or smaller (−1) size."""
        at = SIZES.index(text_size.chosen) + steps
        self.choose_text_size(SIZES[min(max(at, 0), len(SIZES) - 1)])

    def choose_wording(self, wording: Wording) -> None:
        settings.put("wording", wording)
        self._bridge.set_wording(wording)

    def toggle_reduced_motion(self) -> None:
        self._play_with("reduced_motion", not self.player.reduced_motion)

    def toggle_loop(self) -> None:
        self._play_with("loop", not self.player.loop)

    def change_speed(self, steps: int) -> None:
        """To the next higher (1) or lower (−1) speed."""
        at = min(max(SPEEDS.index(self.player.speed) + steps, 0), len(SPEEDS) - 1)
        self.choose_speed(SPEEDS[at])

    def choose_speed(self, speed: float) -> None:
        self._play_with("speed", speed)

    def _play_with(self, name: str, value: float) -> None:
        setattr(self.player, name, value)
        settings.put(name, value)
        self.changed.emit()


def _memory(text: str) -> int:
    try:
        return read_memory(text)
    except ValueError:
        return USUAL
