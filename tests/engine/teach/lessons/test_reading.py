"""A lesson is read from a text by anybody: what is wrong is told with its line, and the rest is read all the same."""

from __future__ import annotations

import pytest

from engine.cli import main
from engine.teach.lessons.proof import proved
from engine.teach.lessons.reading import read_lesson
from engine.teach.lessons.shelf import SHELF

SOUND = """---
title: A lesson
minutes: 5
---

## One

```graph
x = 4
a = 3
b = 2
p = a * x
q = x * b
f = p + q
```

```see
at: backward
look: x, x -> p
edges: values
```

f is {=f}, **and** `x` is {=x}.

- an item
- another

$$ \\frac{1}{2} = {=1/2} $$

```python
x.grad += 1
```

```task
predict: grad(x)
say: What is it?
mistake overwritten: No.
right: Yes.
```

## Two

```task
say: Make f large.
set: f > 100
change: x
when f < 0: Too small.
solution: x = 40
```
"""


def test_a_lesson_is_read_whole() -> None:
    found = read_lesson(SOUND)
    assert proved(found) == ()
    one, two = found.lesson.steps
    assert [each.kind for each in one.body] == ["paragraph", "item", "item", "formula", "code"]
    assert one.body[0].text == "f is {=f}, and x is {=x}." and one.body[4].text == "x.grad += 1"
    assert one.sight.look == ("x", "x -> p") and one.sight.edges == "values"
    assert one.task.kind == "predict" and one.task.when[0][0] == "overwritten"
    assert two.graph is one.graph and two.task.leaves == ("x",) and two.title == "Two"


@pytest.mark.parametrize("before, after, line, part", [
    ("title: A lesson", "titel: A lesson", 2, "“titel” is not known"),
    ("minutes: 5", "minutes: five", 3, "minutes takes a whole number"),
    ("p = a * x", "p = a *", 12, ""),
    ("f is {=f}", "f is {=fff}", 23, "there is no node “fff”"),
    ("{=1/2}", "{=1/y}", 28, "there is no node “y”"),
    ("x -> p", "x -> f", 17, "no edge goes from x to f"),
    ("at: backward", "at: later", 17, "there is no node “later”"),
    ("edges: values", "edges: none", 20, "edges takes one of"),
    ("look:", "loook:", 19, "“loook” is not known in a block see"),
    ("predict: grad(x)", "predict: grad(y)", 34, "there is no node “y”"),
    ("predict: grad(x)", "predict: hess(x)", 34, "cannot be asked"),
    ("f is {=f}", "x gets {=grad( x )}", 23, "which the task asks for"),
    ("mistake overwritten", "mistake overwriting", 37, "there is no mistake “overwriting”"),
    ("mistake overwritten", "mistake gate", 37, "does no harm here"),
    ("set: f > 100", "set: f > 10", 43, "the goal is reached before anything is done"),
    ("set: f > 100", "set: f + 100", 43, "is no comparison"),
    ("solution: x = 40", "solution: x = 4.5", 43, "the solution x = 4.5 does not do it"),
    ("solution: x = 40", "solution: a = 400", 43, "Only x may change"),
    ("solution: x = 40\n", "", 43, "say how it can be done"),
    ("say: Make f large.\n", "", 43, "the task says nothing"),
    ("set: f > 100\n", "", 43, "a task is one of"),
    ("```python", "```", 30, ""),
    ("## One", "One", 6, "text stands before the first step"),
])  # fmt: skip
def test_a_mistake_has_its_line(before: str, after: str, line: int, part: str) -> None:
    assert before in SOUND
    mistakes = proved(read_lesson(SOUND.replace(before, after, 1)))
    if part:
        assert any(each.line == line and part in each.sentence for each in mistakes), [*map(str, mistakes)]


@pytest.mark.parametrize(
    "text", ["", "---", "# Title\n\ntext", "---\ntitle: x\n---\n", "```", "\0\0", "## \n$$", "- [x]"]
)
def test_what_is_no_lesson_is_told_as_such(text: str) -> None:
    found = read_lesson(text)
    assert found.lesson is None and proved(found)


def test_every_lesson_that_is_cut_short_is_read_or_refused() -> None:
    for end in range(0, len(SOUND), 7):
        proved(read_lesson(SOUND[:end]))


def test_a_graph_comes_from_an_example_or_from_a_file_beside_it(tmp_path) -> None:
    head = "---\ntitle: x\n---\n## One\n```graph {}\n```\nText\n"
    (tmp_path / "made.txt").write_text("x = 3\ny = x * x\n", "utf-8")
    for words in ("example neuron", "file made.txt"):
        found = read_lesson(head.format(words), tmp_path / "lesson.md")
        assert not proved(found) and found.lesson.steps[0].graph.nodes
    for words, part in (
        ("example nobody", "no example"),
        ("file ../made.txt", "own folder"),
        ("file no.txt", "no.txt"),
    ):
        found = read_lesson(head.format(words), tmp_path / "lesson.md")
        assert any(part in each.sentence and each.line == 5 for each in found.mistakes), found.mistakes


def test_a_step_may_keep_what_the_one_before_has_made() -> None:
    kept = SOUND + "\n## Three\n\n```graph keep\n```\n\nf is {=f}.\n"
    found = read_lesson(kept)
    three = found.lesson.steps[2]
    assert proved(found) == () and three.keeps and float(three.graph.nodes["x"].value) == 40
    further = read_lesson(kept + "\n## Four\n\n```graph keep\n```\n\nf is still {=f}.\n")
    assert proved(further) == () and further.lesson.steps[3].keeps
    assert float(further.lesson.steps[3].graph.nodes["x"].value) == 40
    wrong = read_lesson(SOUND.replace("## Two\n", "## Two\n\n```graph keep\n```\n"))
    assert "there is nothing to keep" in proved(wrong)[0].sentence


def test_a_solution_may_be_a_training() -> None:
    task = "task\nsay: Train.\nset: L < 0.01\nchange: w\nsolution: train {}\n```\n"
    head = "---\ntitle: x\n---\n## One\n```graph\nw = parameter(1)\nL = (w - 1.5) ** 2\n```\nText\n```"
    assert not proved(read_lesson(head + task.format(150)))
    assert "does not do it" in proved(read_lesson(head + task.format(1)))[0].sentence
    assert "number of epochs" in proved(read_lesson(head + task.format("long")))[0].sentence


def test_the_command_names_each_mistake_with_its_line(tmp_path, capsys) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(SOUND, "utf-8")
    bad.write_text(SOUND.replace("{=f}", "{=g}"), "utf-8")
    assert main(["lesson", "check", str(good)]) == 0
    assert "2 steps, nothing wrong" in capsys.readouterr().out
    assert main(["lesson", "check", str(good), str(bad)]) == 1
    assert "line 23: there is no node “g” in this graph; there are x, a, b, p, q, f" in capsys.readouterr().out
    assert main(["lesson", "check", str(bad), "--json"]) == 1
    assert '"line": 23' in capsys.readouterr().out
    assert main(["lesson", "list"]) == 0 and "slope" in capsys.readouterr().out
    assert main(["lesson", "check", str(tmp_path / "none.md")]) == 2


# --- the speaker's notes

NOTED = SOUND.replace(
    "## Two",
    """```notes
Ask **first**: who says {=a},
who says {=b}?

- one item
- another
of two lines

And wait.
```

## Two""",
).replace("minutes: 5", "minutes: 5\nnotes: Bring chalk.")


def test_notes_are_paragraphs_and_items_with_numbers() -> None:
    found = read_lesson(NOTED)
    assert proved(found) == ()
    one, two = found.lesson.steps
    assert [(each.kind, each.text) for each in one.notes] == [
        ("paragraph", "Bring chalk."), ("paragraph", "Ask first: who says {=a}, who says {=b}?"),
        ("item", "one item"), ("item", "another of two lines"), ("paragraph", "And wait."),
    ]  # fmt: skip
    assert two.notes == () and [each.text for each in one.body] == [
        each.text for each in read_lesson(SOUND).lesson.steps[0].body
    ]


def test_what_is_wrong_in_notes_is_told_with_its_line(tmp_path, capsys) -> None:
    wrong = NOTED.replace("{=b}?", "{=nobody}?").replace("```notes\n", "```notes of mine\n", 1)
    path = tmp_path / "mine.md"
    path.write_text(wrong + "\n```notes\n\n```\n", "utf-8")
    assert main(["lesson", "check", str(path)]) == 1
    said, lines = capsys.readouterr().out, wrong.splitlines()
    first, sum_at = lines.index("```notes of mine") + 1, lines.index("Ask **first**: who says {=a},") + 1
    assert f"line {first}: behind the word notes comes nothing" in said
    assert f"line {sum_at}: " in said and "nobody" in said
    assert f"line {len(lines) + 2}: these notes say nothing" in said


def test_two_lessons_that_come_with_gradloom_have_notes_at_every_step() -> None:
    for name in ("chain", "paths"):
        found = read_lesson((SHELF / f"{name}.md").read_text("utf-8"))
        assert all(step.notes for step in found.lesson.steps), name
