"""A lesson as one web page that needs no network: text, typeset formulas, a player of each step, tasks to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

import numpy as np

from engine.export.page_questions import PageMistakes, PageSources
from engine.export.page_story import page_story
from engine.export.web_page import SCRIPTS, as_data, asset, filled, policy_hash, program_source, scripts
from engine.graph.graph import Graph
from engine.layout.shown import shown_of
from engine.passes.trace import Trace
from engine.teach.answer import Answer
from engine.teach.lessons.article import ArticleStep, ArticleTask, article_of
from engine.teach.lessons.lesson import LessonPassage, LessonTask
from engine.teach.lessons.places import place_of, question_of
from engine.teach.lessons.reading import ReadLesson
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.tasks import DOES, NOISE, PUSH, PUSH_SAYS, WOULD, is_pushed
from gui.look.formula_image import formula_svg
from gui.look.formula_text import plain
from gui.pictures.lesson_live import LiveText
from gui.pictures.page import drawn_facts

FORMULA = 22.0  # pixels an em
LETTERS = "ABCDEFGHIJ"
IN_GRADLOOM: Mapping[str, str] = {
    "build": "A page cannot build: do this in Gradloom, which judges what you build.",
    "train": "A page cannot train: do this in Gradloom.",
}


def lesson_page(found: ReadLesson) -> str:
    """The page as text. Raises ExportError for a lesson that is not sound."""
    lesson, steps = article_of(found)
    players, sums = _Players(), PageSources("sums", "n")
    texts = [LiveText(sums, Reckoning(step.graph)) for step in steps]
    told = [players.step_facts(step, text) for step, text in zip(steps, texts, strict=True)]
    sections = "\n".join(_section(at, step, text) for at, (step, text) in enumerate(zip(steps, texts, strict=True)))
    style, player_style = asset("page.css") + asset("article.css"), asset("page.css") + asset("player.css")
    listed = f"const programs = [{', '.join(players.names)}];\n"
    programs = [*players.sources, listed, sums.script, players.mistakes.script]
    script = scripts((*SCRIPTS[:-1], "live", "article"), programs)
    minutes = f"{lesson.minutes} minutes. " if lesson.minutes else ""
    parts = {
        "title": escape(lesson.title),
        "about": escape(f"{minutes}{lesson.about}"),
        "contents": "".join(f'<li><a href="#step-{at}">{escape(step.title)}</a></li>' for at, step in enumerate(steps)),
        "steps": sections,
        "player": asset("player.html").rstrip(),
        "style": style,
        "style_hash": policy_hash(style),
        "player_style": player_style,
        "player_hash": policy_hash(player_style),
        "facts": as_data({"players": players.facts, "steps": told}),
        "script": script,
        "script_hash": policy_hash(script),
    }
    return filled("article.html", parts)


class _Players:
    """What the players of all steps are made of: those of the same graph share it."""

    def __init__(self) -> None:
        self.facts: list[dict[str, Any]] = []
        self.mistakes = PageMistakes()
        self.sources: list[str] = []
        self.names: list[str] = []
        self._known: dict[str, int] = {}  # by what is drawn
        self._programs: dict[str, int] = {}

    def step_facts(self, step: ArticleStep, text: LiveText) -> dict[str, Any]:
        player = self._player(step.graph, step.trace)
        keys = [*shown_of(step.graph).graph.edges]
        lit = {"cards": sorted(step.nodes), "edges": [at for at, key in enumerate(keys) if key in step.edges]}
        told: dict[str, Any] = {"player": player, "start": {"position": step.position, "lit": lit}}
        if step.task is not None:
            told["task"] = task_facts(step.task, step, text, self.mistakes)
        return told

    def _player(self, graph: Graph, trace: Trace) -> int:
        story = page_story(graph, trace)
        facts = drawn_facts(graph, trace, story)
        key = json.dumps(facts)
        if key not in self._known:
            source = program_source(graph, trace, "program", story)
            if source not in self._programs:
                self._programs[source] = len(self.names)
                self.names.append(f"program{len(self.names)}")
                self.sources.append(program_source(graph, trace, self.names[-1], story))
            self._known[key] = len(self.facts)
            self.facts.append({"facts": facts, "program": self._programs[source]})
        return self._known[key]


# --- what is read


def _section(at: int, step: ArticleStep, text: LiveText) -> str:
    parts = [f'<section id="step-{at}"><h2>{escape(step.title)}</h2>', *_pieces(step.body, text)]
    parts.append(f'<div id="player-{at}"></div>')
    if step.opens:
        parts.append(f'<p class="note">In Gradloom, this step opens {escape(step.opens)} below the canvas.</p>')
    if step.task is not None and step.task.asked is not None:
        parts.append(_task(at, step.task, step.task.asked, text))
    return "\n".join([*parts, "</section>"])


def _pieces(body: Sequence[LessonPassage], text: LiveText) -> Iterator[str]:
    for kind, some in groupby(body, key=lambda passage: passage.kind):
        if kind == "item":
            yield f"<ul>{''.join(f'<li><p>{text.html(passage)}</p></li>' for passage in some)}</ul>"
        elif kind == "formula":
            yield from (text.formula(passage, _formula) for passage in some)
        elif kind == "code":
            yield from (f"<pre><code>{text.html(passage)}</code></pre>" for passage in some)
        else:
            yield from (f"<p>{text.html(passage)}</p>" for passage in some)


def _paragraph(text: str, marks: str = "") -> str:
    return f"<p{marks}>{escape(text)}</p>"


def _formula(tex: str) -> str:
    said, drawn = escape(plain(tex), quote=True), formula_svg(tex, FORMULA)
    return f'<div class="formula" role="img" aria-label="{said}">{drawn or said}</div>'


def _task(at: int, task: ArticleTask, asked: LessonTask, text: LiveText) -> str:
    words = f"<p>{text.html(asked.words)}</p>" if asked.words.text else _paragraph(task.words)
    parts = [f'<div class="task" id="task-{at}"><h3>Your turn</h3>', words]
    if isinstance(task.right, Answer):
        field = '<input aria-label="Answer" autocomplete="off" placeholder="your answer">'
        parts.append(f'<form>{field}<button type="submit" class="main">Check</button></form>')
    for number, option in enumerate(asked.options):
        name = f"option-{at}-{number}"
        button = f'<button type="button" aria-label="{LETTERS[number]}" aria-describedby="{name}">{LETTERS[number]}'
        parts.append(f'<div class="option">{button}</button><p id="{name}">{text.html(option.words)}</p></div>')
    parts += [_paragraph(words, ' class="note"') for words in _elsewhere(asked)]
    parts.append('<p class="reply" role="status" aria-live="polite"></p>')
    if asked.hint is not None:
        parts.append(f"<details><summary>Hint</summary><p>{text.html(asked.hint)}</p></details>")
    parts.append(_solution(task, asked, text))
    return "\n".join([*parts, "</div>"])


def _elsewhere(asked: LessonTask) -> Iterator[str]:
    """What is to be done in the program, because a page cannot."""
    if asked.kind == "build":
        yield IN_GRADLOOM["build"]
    if asked.kind == "set" and asked.solution.startswith("train"):
        yield IN_GRADLOOM["train"]


def _solution(task: ArticleTask, asked: LessonTask, text: LiveText) -> str:
    """Of a task that changes the graph, with the numbers of the solution; else with those that are in the page."""
    right = task.right.text if isinstance(task.right, Answer) else task.right
    name = {"play": "What happens", "set": "One way to do it", "build": "One way to do it"}.get(task.kind, "Solution")
    if task.kind in ("set", "build"):
        shown = f"<pre><code>{escape(right)}</code></pre>" if task.kind == "build" else _paragraph(right)
        told = "".join(map(_paragraph, task.told))
    else:
        shown = f"<p>{_right(right, task, asked, text)}</p>" if right else ""
        told = f"<p>{text.html(asked.right)}</p>" if asked.right is not None else ""
        told += _paragraph(task.worked, ' class="first"') if task.worked else ""
    return f"<details><summary>{name}</summary>{shown}{told}</details>" if shown or told else ""


def _right(right: str, task: ArticleTask, asked: LessonTask, text: LiveText) -> str:
    place = live_answer(task, asked, text)
    return escape(right) if place is None else f'<span data-sum="{place}" data-digits="4">{escape(right)}</span>'


# --- what is judged


def task_facts(task: ArticleTask, step: ArticleStep, text: LiveText, mistakes: PageMistakes) -> dict[str, Any]:
    """What the page needs to judge an answer, with other numbers in the graph too."""
    asked = task.asked
    assert asked is not None
    facts: dict[str, Any] = {"kind": task.kind, "told": [] if asked.right is None else text.parts(asked.right)}
    facts |= {"worked": task.worked} if task.worked else {}
    if isinstance(task.right, Answer):
        facts |= {"right": task.right.number if task.right.number is not None else task.right.text}
        facts |= {"shape": task.right.shape} if task.right.shape is not None else {}
        live = live_answer(task, asked, text)
        facts |= {} if live is None else {"live": live}
    if task.kind == "answer":
        facts["when"] = [[text.sum(wrong), text.parts(words)] for wrong, words in asked.when]
    elif task.kind == "predict" and "live" in facts:
        facts["predicted"] = _predicted(asked, step, text, mistakes)
    elif task.kind == "choose":
        replies = [[] if each.reply is None else text.parts(each.reply) for each in asked.options]
        facts["options"] = [
            {"right": each.is_right, "reply": reply} for each, reply in zip(asked.options, replies, strict=True)
        ]
    return facts | _goal_facts(asked, step, text)


def _predicted(asked: LessonTask, step: ArticleStep, text: LiveText, mistakes: PageMistakes) -> dict[str, Any]:
    """Of a number that is predicted: the mistakes that can be made, what the lesson says to them in its own words, and
    the leaf that a push moves."""
    question = question_of(Reckoning(step.graph), asked)
    facts = {"step": question.step, **mistakes.facts(question)}
    facts["own"] = {str(mistakes.number(name)): text.parts(words) for name, words in asked.when}
    target = step.trace.plan.target
    if target is not None and is_pushed(question) and not np.ndim(np.asarray(step.trace.value(target))):
        leaves = [each.node for each in step.trace.forward_steps if step.graph.nodes[each.node].op.is_leaf]
        facts["push"] = {
            "says": PUSH_SAYS, "by": PUSH, "noise": NOISE, "does": DOES, "would": WOULD,
            "leaf": leaves.index(question.node),
            "target": step.trace.plan.slots[target, 0],
            "name": question.names.node(question.node), "goal": question.names.node(target),
        }  # fmt: skip
    return facts


def _goal_facts(asked: LessonTask, step: ArticleStep, text: LiveText) -> dict[str, Any]:
    """Of a task that sets leaves, or plays."""
    if asked.kind == "play":
        return {"position": place_of(Reckoning(step.graph), asked.goal)}
    goal = text.goal(asked.goal) if asked.kind == "set" else None
    if goal is None:
        return {}
    whens = [[text.goal(condition), text.parts(words)] for condition, words in asked.when]
    return {"goal": goal, "may": list(asked.leaves), "when": [when for when in whens if when[0] is not None]}


def live_answer(task: ArticleTask, asked: LessonTask, text: LiveText) -> int | None:
    """What computes the right number whatever is in the graph; None: it is asked of the first numbers."""
    is_number = isinstance(task.right, Answer) and task.right.number is not None
    return text.sum(asked.goal) if is_number else None
