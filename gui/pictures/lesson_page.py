"""A lesson as one web page that needs no network: text, typeset formulas, a player of each step, tasks to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from engine.export.page_story import page_story
from engine.export.web_page import SCRIPTS, as_data, asset, filled, policy_hash, program_source, scripts
from engine.graph.graph import Graph
from engine.layout.shown import shown_of
from engine.passes.trace import Trace
from engine.teach.answer import Answer
from engine.teach.lessons.article import ArticleStep, ArticleTask, article_of
from engine.teach.lessons.goals import goal_source
from engine.teach.lessons.lesson import Kind
from engine.teach.lessons.reading import ReadLesson
from gui.look.formula_image import formula_svg
from gui.look.formula_text import plain
from gui.pictures.page import drawn_facts

FORMULA = 22.0  # pixels an em
LETTERS = "ABCDEFGHIJ"


def lesson_page(found: ReadLesson) -> str:
    """The page as text. Raises ExportError for a lesson that is not sound."""
    lesson, steps = article_of(found)
    players = _Players()
    told = [players.step_facts(step) for step in steps]
    style, player_style = asset("page.css") + asset("article.css"), asset("page.css") + asset("player.css")
    goals = ", ".join(f"{json.dumps(name)}: (page) => {source}" for name, source in players.goals.items())
    programs = [*players.sources, f"const programs = [{', '.join(players.names)}];\nconst goals = {{ {goals} }};\n"]
    script = scripts((*SCRIPTS[:-1], "article"), programs)
    minutes = f"{lesson.minutes} minutes. " if lesson.minutes else ""
    parts = {
        "title": escape(lesson.title),
        "about": escape(f"{minutes}{lesson.about}"),
        "contents": "".join(f'<li><a href="#step-{at}">{escape(step.title)}</a></li>' for at, step in enumerate(steps)),
        "steps": "\n".join(_section(at, step) for at, step in enumerate(steps)),
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
        self.sources: list[str] = []
        self.names: list[str] = []
        self.goals: dict[str, str] = {}  # by the comparison, as JavaScript
        self._known: dict[str, int] = {}  # by what is drawn
        self._programs: dict[str, int] = {}

    def step_facts(self, step: ArticleStep) -> dict[str, Any]:
        player = self._player(step.graph, step.trace)
        keys = [*shown_of(step.graph).graph.edges]
        lit = {"cards": sorted(step.nodes), "edges": [at for at, key in enumerate(keys) if key in step.edges]}
        told: dict[str, Any] = {"player": player, "start": {"position": step.position, "lit": lit}}
        if step.task is not None:
            told["task"] = self._task_facts(step.task, step.trace)
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

    def _task_facts(self, task: ArticleTask, trace: Trace) -> dict[str, Any]:
        options = [{"right": each.is_right, "reply": each.reply} for each in task.options]
        facts: dict[str, Any] = {"kind": task.kind, "told": task.told, "wrong": task.wrong, "options": options}
        if isinstance(task.right, Answer):
            facts |= {"right": task.right.number if task.right.number is not None else task.right.text}
            facts |= {"shape": task.right.shape} if task.right.shape is not None else {}
        source = goal_source(task.goal, trace) if task.goal else ""
        if source:
            self.goals[task.goal] = source
            facts |= {"goal": task.goal} | ({} if task.live else {"told": []})
        return facts


# --- what is read


def _section(at: int, step: ArticleStep) -> str:
    parts = [f'<section id="step-{at}"><h2>{escape(step.title)}</h2>', *_pieces(step.pieces)]
    parts.append(f'<div id="player-{at}"></div>')
    if step.opens:
        parts.append(f'<p class="note">In Gradloom, this step opens {escape(step.opens)} below the canvas.</p>')
    if step.task is not None:
        parts.append(_task(at, step.task))
    return "\n".join([*parts, "</section>"])


def _pieces(pieces: Sequence[tuple[Kind, str]]) -> Iterator[str]:
    for kind, some in groupby(pieces, key=lambda piece: piece[0]):
        texts = [text for _, text in some]
        if kind == "item":
            yield f"<ul>{''.join(f'<li><p>{escape(text)}</p></li>' for text in texts)}</ul>"
        else:
            yield from ({"formula": _formula, "code": _code, "paragraph": _paragraph}[kind](text) for text in texts)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _code(text: str) -> str:
    return f"<pre><code>{escape(text)}</code></pre>"


def _formula(tex: str) -> str:
    said, drawn = escape(plain(tex), quote=True), formula_svg(tex, FORMULA)
    return f'<div class="formula" role="img" aria-label="{said}">{drawn or said}</div>'


def _task(at: int, task: ArticleTask) -> str:
    parts = [f'<div class="task" id="task-{at}"><h3>Your turn</h3>', _paragraph(task.words)]
    if isinstance(task.right, Answer):
        field = '<input aria-label="Answer" autocomplete="off" placeholder="your answer">'
        parts.append(f'<form>{field}<button type="submit" class="main">Check</button></form>')
    for number, option in enumerate(task.options):
        button = f'<button type="button" aria-label="{LETTERS[number]}: {escape(option.words, quote=True)}">'
        parts.append(f'<div class="option">{button}{LETTERS[number]}</button><p>{escape(option.words)}</p></div>')
    parts.append('<p class="reply" role="status" aria-live="polite"></p>')
    if task.hint:
        parts.append(f"<details><summary>Hint</summary>{_paragraph(task.hint)}</details>")
    parts.append(_solution(task))
    return "\n".join([*parts, "</div>"])


def _solution(task: ArticleTask) -> str:
    right = task.right.text if isinstance(task.right, Answer) else task.right
    shown = _code(right) if task.kind == "build" else _paragraph(right) if right else ""
    told = "".join(map(_paragraph, task.told))
    name = {"play": "What happens", "set": "One way to do it", "build": "One way to do it"}.get(task.kind, "Solution")
    return f"<details><summary>{name}</summary>{shown}{told}</details>" if shown or told else ""
