"""The `gradloom` command: headless commands go to the engine without loading Qt, anything else opens the editor."""

from __future__ import annotations

import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv` (without the program's name) and return the exit code."""
    words = sys.argv[1:] if argv is None else argv
    from engine import cli

    if set(words[:1]) & set(cli.COMMANDS) or set(words[:1]) & {"-h", "--help", "--version"} or _is_mistyped(words):
        return cli.main(words)
    if words and words[0] == "render":
        from gui.pictures import render

        return render.main(words[1:])
    from gui import app

    return app.main(words)


def _is_mistyped(words: list[str]) -> bool:
    """A bare word that is no file was meant as a command, which the engine then misses."""
    return bool(words) and words[0].isidentifier() and words[0] != "render" and not os.path.exists(words[0])


if __name__ == "__main__":
    sys.exit(main())
