"""What the web page of a graph asks of each step, and how each classic mistake computes it there."""

from __future__ import annotations

import json
from typing import Any

from engine.errors import ExportError
from engine.export.javascript import in_javascript
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Trace
from engine.show.wording import WORDINGS, worded
from engine.teach.asking import MODES
from engine.teach.diagnosis import IN_LAST, numbers_of, says, told_names, wrong_texts
from engine.teach.mistakes import MISTAKES
from engine.teach.question import Of, Question

ASKED: dict[Of, str] = {  # what a step of the page calls it
    "value": "value", "gradient": "total", "contribution": "contribution", "local": "local",
}  # fmt: skip
_IN_LAST = 1  # in place of a detail


class PageSources:
    """Functions over `over` that the script of a page calls by their number, each once."""

    def __init__(self, name: str, over: str) -> None:
        self.name, self._over = name, over
        self.sources: dict[str, int] = {}

    def place(self, source: str) -> int:
        """Its number."""
        return self.sources.setdefault(source, len(self.sources))

    @property
    def script(self) -> str:
        return f"const {self.name} = [{', '.join(f'({self._over}) => {source}' for source in self.sources)}];\n"


class PageMistakes(PageSources):
    """The mistakes that can be made in the questions of a page: what is said, and what each makes of a step."""

    def __init__(self) -> None:
        super().__init__("slips", "s")
        self._told: dict[str, int] = {}

    def number(self, name: str) -> int:
        """Of a mistake, as the page calls it."""
        return self._told.setdefault(name, len(self._told))

    def facts(self, question: Question) -> dict[str, Any]:
        """Of a question about a number: which of those of its step, and what its mistakes make: [mistake, what
        computes it, a detail]."""
        graph, trace, step = question.graph, question.trace, question.told
        facts: dict[str, Any] = {
            "asks": ASKED[question.of],
            "about": list(told_names(question)),
            "slips": self._slips(question),
        }
        if question.cell is not None:
            facts["cell"] = question.cell
        if isinstance(step, ContributionStep) and question.of == "gradient" and step.before is not None:
            facts["parts"] = trace.arrivals[step.edge.source]
        if isinstance(step, ContributionStep):
            return facts | {"inputs": [trace.plan.slots[e.source, e.output] for e in graph.into(step.edge.dest)]}
        return facts

    def _slips(self, question: Question) -> list[list[Any]]:
        step = question.told
        numbers = numbers_of(question)
        held = [numbers[f"in{port}"] for port in range(sum(_is_place("in", name) for name in numbers))]
        names = {name: _spelled(name) for name in numbers}
        found = list[list[Any]]()
        assert isinstance(step, ForwardStep | ContributionStep)
        for name, text, detail in wrong_texts(question):
            try:
                source = self.place(in_javascript(text, names, held))
            except ExportError:
                continue
            more = [] if not detail else [_IN_LAST if detail == IN_LAST else detail]
            found.append([self.number(name), source, *more])
        return found

    @property
    def script(self) -> str:
        """What is said in both wordings, of a mistake and of one in the last contribution; and what each makes."""
        told = [[MISTAKES[name].title, _said(name, False), _said(name, True)] for name in self._told]
        return f"const mistakes = {json.dumps(told, ensure_ascii=False)};\n{super().script}"


def question_facts(graph: Graph, trace: Trace, at: int, mistakes: PageMistakes) -> dict[str, Any]:
    """The question of a step in both wordings, and what the classic mistakes make of it; nothing where the page asks
    nothing."""
    question = MODES["each"].ask(graph, trace, at)
    if question is None or question.cell is not None or isinstance(question.told, SeedStep):
        return {}
    return {"question": [question.text(each) for each in WORDINGS], **mistakes.facts(question)}


def _said(name: str, in_last: bool) -> list[str]:
    return [worded(says(MISTAKES[name], in_last), wording) for wording in WORDINGS]


def _spelled(name: str) -> str:
    """A number of a step, as the page has it: s.xs[0] for in0."""
    for begin, many in (("in", "xs"), ("part", "parts")):
        if _is_place(begin, name):
            return f"s.{many}[{name.removeprefix(begin)}]"
    return f"s.{name}"


def _is_place(begin: str, name: str) -> bool:
    return name.startswith(begin) and name.removeprefix(begin).isdecimal()
