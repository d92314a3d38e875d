"""The headless commands, one file each, found by itself: `name.py` here is `gradloom name`, which needs no Qt.

A command has
    a docstring                 its first line is the help text; the rest is shown by `gradloom name --help`
    add_arguments(parser)       what it takes, beside --help
    handle(args) -> int         what it does: 0 done, 1 the answer is no; a GradloomError becomes exit code 2
Modules that begin with `_` are shared by them. What is slow to import is imported inside `handle`. Commands that draw
are made alike, and stand in `gui/pictures/commands/`.
"""
