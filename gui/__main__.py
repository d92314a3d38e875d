"""The `gradloom` command: a command is run without a window, anything else opens the editor."""

import gc
import os
import sys

from gui.shell.signals import Signals, hold_standard_streams


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv` (without the program's name) and return the exit code."""
    words = sys.argv[1:] if argv is None else argv
    hold_standard_streams()
    signals = Signals()  # before anything large is imported: an editor that is told to end while it starts ends well
    collects = gc.isenabled()  # whoever calls this may have taken garbage upon itself, as the tests do
    gc.disable()  # what is imported stays: to look for garbage among it would take a tenth of the start
    from engine import cli, commands
    from gui import app
    from gui.pictures import commands as drawing
    from gui.shell import desktop

    if collects:
        gc.enable()
    known = cli.commands_in(commands, drawing)
    if {*words[:1]} & {*known, "-h", "--help", "--version"} or _is_mistyped(words):
        try:
            signals.give_back()
            return cli.main(words, known)
        except KeyboardInterrupt:  # while all this was imported
            return 130
    if {*words[:1]} & {desktop.INSTALL, desktop.REMOVE}:
        signals.give_back()
        return desktop.main(words)
    return app.main(words, signals)


def _is_mistyped(words: list[str]) -> bool:
    """A bare word that is not a file was meant as a command, which the engine then refuses."""
    return bool(words) and words[0].isidentifier() and not os.path.exists(words[0])


if __name__ == "__main__":
    sys.exit(main())
