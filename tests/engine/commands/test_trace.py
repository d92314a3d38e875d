"""gradloom trace: every step, its equations and its words."""

from __future__ import annotations

import json

from tests.engine.commands.command_tools import PRODUCT


def test_trace_prints_both_passes(gradloom):
    out = gradloom("trace", "--expr", "f = x * x", "--set", "x=3").out
    assert out == (
        "forward\n"
        "step  node  op     value\n"
        "   1  x     input    3.0\n"
        "   2  f     mul      9.0\n"
        "\n"
        "backward\n"
        "step  from  to  upstream  local  contribution  sum\n"
        "   3  seed  f                             1.0  1.0\n"
        "   4  f     x        1.0    3.0           3.0  3.0\n"
        "   5  f     x        1.0    3.0           3.0  6.0\n"
    )


def test_trace_json_is_as_documented(gradloom):
    done = json.loads(gradloom("trace", "--expr", "f = x * x", "--set", "x=3", "--json").out)
    steps = [{k: v for k, v in step.items() if k not in ("sentence", "equations")} for step in done["steps"]]
    contribution = {
        "phase": "backward", "kind": "contribution", "from": "f", "to": "x",
        "upstream": 1.0, "local": 3.0, "contribution": 3.0, "axes": [],
    }  # fmt: skip
    assert (done["target"], steps) == ("f", [
        {"step": 1, "phase": "forward", "kind": "value", "node": "x", "value": 3.0},
        {"step": 2, "phase": "forward", "kind": "value", "node": "f", "value": 9.0},
        {"step": 3, "phase": "backward", "kind": "seed", "node": "f", "value": 1.0},
        {"step": 4, **contribution, "port": 0, "total": 3.0},
        {"step": 5, **contribution, "port": 1, "total": 6.0},
    ])  # fmt: skip
    assert all(step["sentence"].endswith(".") for step in done["steps"])


def test_trace_json_gives_each_step_its_equations(gradloom):
    done = json.loads(gradloom("trace", "--expr", "f = x * x", "--set", "x=3", "--json").out)
    equations = [[(e["kind"], e["of"], e["by"], e["port"], e["number"], e["text"]) for e in step["equations"]]
                 for step in done["steps"]]  # fmt: skip
    assert equations == [
        [("value", "x", None, None, 3.0, "x = 3")],
        [("value", "f", None, None, 9.0, "f = x · x = 3 × 3 = 9")],
        [("seed", "f", None, None, 1.0, "∂f/∂f = 1")],
        [("local", "x", "f", 0, 3.0, "∂f/∂(1st x) = x = 3"),
         ("contribution", "x", "f", 0, 3.0, "seed · ∂f/∂(1st x) = 1 × 3 = 3")],
        [("local", "x", "f", 1, 3.0, "∂f/∂(2nd x) = x = 3"),
         ("contribution", "x", "f", 1, 3.0, "seed · ∂f/∂(2nd x) = 1 × 3 = 3"),
         ("gradient", "x", None, None, 6.0, "∂f/∂x = 3 + 3 = 6")],
    ]  # fmt: skip
    whole = done["steps"][-1]["equations"][-1]
    assert whole["latex_numbers"] == r"\frac{\partial f}{\partial x} = 3 + 3 = 6"
    assert whole["latex"].startswith(r"\frac{\partial f}{\partial x} = \text{seed} \cdot \frac{\partial f}{\partial (")


def test_trace_tells_broadcast_axes_and_rules_without_a_local_derivative(gradloom):
    words = ["--expr", "f = A @ b + c", "--set", "A=[[1, 2], [3, 4]]", "--set", "b=[1, 1]", "--set", "c=1", "--json"]
    steps = [s for s in json.loads(gradloom("trace", *words).out)["steps"] if s["kind"] == "contribution"]
    by_receiver = {step["to"]: step for step in steps}
    assert by_receiver["c"]["axes"] == [0]
    assert by_receiver["A"]["local"] is None


def test_trace_explains_in_either_wording(gradloom):
    plain = gradloom("trace", *PRODUCT, "--explain").out
    assert "increase x by 1 and q increases by 1" in plain
    assert "responsible" in gradloom("trace", *PRODUCT, "--explain", "--wording", "responsibility").out
    assert len(plain.splitlines()) == 10


def test_trace_without_a_target_is_the_forward_pass(gradloom):
    assert "backward" not in gradloom("trace", "--expr", "f = x * 3; None", "--set", "x=2").out


def test_with_learn_the_update_and_the_drop_stand_behind_both_passes(gradloom):
    words = ("--expr", "f = w * w", "--set", "w=3", "--param", "w", "--learn")
    out = gradloom("trace", *words).out
    assert "\n\nupdate\n" in out and "\n\nforward again\n" in out and "\n\ndrop\n" in out
    steps = json.loads(gradloom("trace", *words, "--json").out)["steps"]
    update = next(step for step in steps if step["kind"] == "update")
    drop = steps[-1]
    assert (update["phase"], update["node"], update["gradient"], update["before"]) == ("update", "w", 6.0, 3.0)
    assert abs(update["value"] - 2.99) < 1e-9  # Adam's first step is as long as the learning rate, 0.01
    assert (drop["phase"], drop["kind"], drop["before"]) == ("forward again", "drop", 9.0)
    assert drop["value"] == update["value"] ** 2 and abs(drop["promised"] - 0.06) < 1e-9
    assert [step["phase"] for step in steps[-3:]] == ["forward again"] * 3
    assert "promised" in gradloom("trace", *words, "--explain").out.splitlines()[-1]
