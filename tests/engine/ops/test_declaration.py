"""An op that is not declared whole is refused where it is declared, with a sentence that says what is wrong."""

import numpy as np
import pytest

from engine.ops.declare import op
from engine.ops.op import OPS, Trouble
from engine.ops.setting import Setting
from engine.ops.speech import Spoken

GOOD = {
    "name": "wave",
    "symbol": "~",
    "ports": "x",
    "forward": "sin(x) * sin(x)",
    "local": ("2 * sin(x) * cos(x)",),
    "group": "activation",
    "title": "Wave",
    "tooltip": "sin² x.",
    "latex": r"\sin^2 {x}",
    "gradient": "The slope is {local}.",
}
PAIR = GOOD | {"ports": "a b", "forward": "a * sin(b)", "local": ("sin(b)", "a * cos(b)"), "latex": "{a} {b}"}
VJP = PAIR | {"local": (), "vjp": ("g * sin(b)", "g * a"), "responsibility": "All of it."}


@pytest.fixture(autouse=True)
def table(monkeypatch):
    """A table of ops of one's own."""
    mine = dict(OPS)
    monkeypatch.setattr("engine.ops.declare.OPS", mine)
    return mine


def declared(**changed):
    return op(**(GOOD | changed))


def test_what_is_whole_is_declared():
    assert declared().name == "wave"
    assert op(**(PAIR | {"name": "pair", "symbol": "~2"})).fewest == 2
    assert op(**(VJP | {"name": "rule", "symbol": "~3"})).rule(1) == ("g * a", False)


@pytest.mark.parametrize(
    ("base", "wrong", "sentence"),
    [
        (
            GOOD,
            {"forward": "sine(x)"},
            "cannot say “sine” in “sine.x.”: did you mean “sin”. It may say x and the words of",
        ),
        (GOOD, {"local": ("gd(x)",)}, "cannot say “gd”"),
        (GOOD, {"local": ("g * cos(x)",)}, "cannot say “g”"),
        (GOOD, {"forward": "y + x"}, "cannot say “y”"),
        (GOOD, {"forward": "x + xs"}, "cannot say “xs”"),
        (GOOD, {"kink": "x - b"}, "cannot say “b”"),
        (GOOD, {"trouble": Trouble("z > 0", "it is", "Do not.", (1.0,))}, "cannot say “z”"),
        (GOOD, {"forward": "sin(x"}, "is not an expression: “sin\\(x”"),
        (GOOD, {"forward": ""}, "is not an expression"),
        (GOOD, {"local": ()}, "either local derivatives or vjp rules"),
        (VJP, {"local": ("1",)}, "either local derivatives or vjp rules"),
        (PAIR, {"local": ("1", "2", "3")}, "3 backward rules for 2 ports"),
        (PAIR, {"forward": "sin(a)"}, "never uses its port “b”"),
        (PAIR, {"ports": "a a", "forward": "sin(a)", "local": ("1",)}, "port or setting “a”"),
        (GOOD, {"ports": "y"}, "cannot say “x”|port or setting “y”"),
        (GOOD, {"ports": "x exp", "forward": "x + exp"}, "port or setting “exp”"),
        (GOOD, {"settings": (Setting("x", 1.0, "X"),)}, "port or setting “x”"),
        (GOOD, {"name": "two words"}, "cannot be called “two words”"),
        (GOOD, {"name": "relu"}, "cannot be called “relu”: “relu” is already called that"),
        (GOOD, {"aliases": ("ReLU",)}, "cannot be called “ReLU”: “relu” is already called that"),
        (GOOD, {"symbol": "σ"}, "symbol “σ”: it is already the symbol of “sigmoid”"),
        (GOOD, {"symbol": ""}, "symbol “”: it must be one to four"),
        (GOOD, {"symbol": "waves"}, "symbol “waves”: it must be one to four"),
        (GOOD, {"group": "waves"}, "group “waves”: the groups are leaf, arithmetic"),
        (GOOD, {"title": ""}, "needs a title"),
        (GOOD, {"tooltip": "sin² x"}, "a tooltip that is a sentence"),
        (GOOD, {"gradient": ""}, "needs a sentence about its gradient"),
        (GOOD, {"gradient": "no full stop"}, "sentence about its gradient, not “no full stop”"),
        (GOOD, {"gradient": Spoken("One.", "")}, "sentence about its gradient, not “”"),
        (GOOD, {"gradient": "It is {slant}."}, "cannot say “{slant}” in “It is {slant}.”"),
        (GOOD, {"gradient": ("One.", "Two.")}, "2 sentences about its gradient for 1 ports"),
        (VJP, {"responsibility": ""}, "needs a sentence about its responsibility"),
        (GOOD, {"latex": ""}, "needs LaTeX"),
        (GOOD, {"latex": "{z}"}, "ports as the only placeholders"),
        (GOOD, {"trouble": Trouble("x > 0", "it is", "No stop", (1.0,))}, "a remedy that is a sentence"),
        (GOOD, {"trouble": Trouble("x > 0", "it is", "Do not.", ())}, "an example of one number for each port"),
    ],
)
def test_what_is_not_is_refused_with_a_sentence(base, wrong, sentence, table):
    with pytest.raises(ValueError, match=sentence) as refused:
        op(**(base | wrong))
    assert str(refused.value).startswith("The op “") and str(refused.value).endswith((".", "?."))
    assert "wave" not in table


def test_a_name_cannot_be_declared_twice():
    declared()
    with pytest.raises(ValueError, match="cannot be called “wave”"):
        declared()


def test_what_is_said_of_responsibility_follows_from_the_slope():
    say = declared().responsibility
    assert say(local=np.float64(2)) == "{Responsible}."
    assert "hands its responsibility on to {source}" in say(local=np.ones(2))
    say = op(**(GOOD | {"name": "w2", "symbol": "~2", "slope": "sin 2·{x}"})).responsibility
    assert say(local=np.float64(2)) == "{Responsible}: the slope is {slope}."
    assert say(local=np.ones(2)).endswith("multiplied by {slope}.")
