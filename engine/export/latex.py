r"""LaTeX: the derivation as a document, in symbols and in numbers, one equation a node and a pass.

Forward: `q = x + y = -2 + 5 = 3`. Backward, for each node: the chain rule over all that it feeds (a fan-out is a sum),
the same with the local derivatives in symbols, the same in numbers.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from engine.export.sections import Sections
from engine.export.target import computed, export
from engine.graph.graph import Graph
from engine.passes.trace import ForwardStep, Step, Trace
from engine.show.equation import Equation, equations_of
from engine.show.notation import TEX_ESCAPED, tex_name
from engine.text.write import printable

_HEAD = r"""% Written by Gradloom. Compile with lualatex or xelatex, or pdflatex: a ? stands for a letter that it lacks.
\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \makeatletter \def\UTFviii@undefined@err#1{?} \makeatother
\else
  \usepackage{fontspec}
\fi
\usepackage[a4paper,margin=2.2cm]{geometry}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
\begin{document}
"""

_ALONE = r"\partial (\text{"  # a derivative by one use or one copy of a node


@export("latex", "LaTeX derivation", ".tex", order=50)
def write_latex(graph: Graph, trace: Trace) -> str:
    """A standalone document. Raises ExportError if nothing has a value."""
    derivation = Derivation(graph, trace)
    parts = [_HEAD, rf"\section*{{{text_tex(graph.title) or 'A computational graph'}}}"]
    parts += _section("The leaves", derivation.leaves())
    parts += [line for title, steps in derivation.stretches() for line in _section(title, derivation.forward(steps))]
    backward = _section("Backward", derivation.backward())
    if any(_ALONE in line for line in backward):
        first = r"$\frac{\partial y}{\partial (\text{1st x})}$"
        told = f"In parentheses stands what alone is moved: one of several uses of a node, as in {first}, or one of its"
        backward.insert(1, f"{told} copies.")
    parts += backward
    return "\n".join([*parts, r"\end{document}", ""])


def _section(title: str, equations: Iterator[list[str]]) -> list[str]:
    """Equations, each a list of right sides with its left side first, lined up at their equals signs."""
    under = " \\\\\n    &= "
    lines = [f"  {left} &= {under.join(sides)}" for left, *sides in equations]
    if not lines:
        return []
    body = " \\\\[4pt]\n".join(lines)
    return [rf"\subsection*{{{title}}}", r"\begin{align*}", body, r"\end{align*}"]


class Derivation:
    """The equations of a trace, each as a left side and its right sides."""

    def __init__(self, graph: Graph, trace: Trace) -> None:
        self.graph = graph
        self.trace = trace
        self.computed = computed(trace)

    def leaves(self) -> Iterator[list[str]]:
        for step in self.computed:
            if self.graph.nodes[step.node].op.is_leaf:
                yield self._equation(step).sides_tex()

    def stretches(self) -> Iterator[tuple[str, list[ForwardStep]]]:
        """What is computed forward, in the order of the groups: under the title of each what is computed in it."""
        steps = {step.node: step for step in self.computed if not self.graph.nodes[step.node].op.is_leaf}
        sections = Sections(self.graph, list(steps))
        for heading, ids in groupby(sections.walk(), sections.heading):
            yield f"Forward: {text_tex(heading)}" if heading else "Forward", [steps[id] for id in ids]

    def forward(self, steps: Iterable[ForwardStep]) -> Iterator[list[str]]:
        for step in steps:
            equation = self._equation(step)
            left, *sides = equation.sides_tex()
            yield [left, " = ".join(sides)] if equation.number.ndim == 0 else [left, *sides]

    def _equation(self, step: Step) -> Equation:
        return equations_of(self.graph, self.trace, step)[-1]

    def backward(self) -> Iterator[list[str]]:
        """For each node, when all its contributions are in: the seed, or the sum over everything that it feeds."""
        for step in self.trace.steps[self.trace.backward_start :]:
            equation = self._equation(step)
            if equation.kind == "seed":
                yield [*equation.sides_tex()[:-1], equation.sides_tex()[-1] + equation.note_tex]
            elif equation.kind == "gradient":
                yield self._gradient(equation)

    def _gradient(self, equation: Equation) -> list[str]:
        """In symbols, with the local derivatives worked out in symbols, with the numbers put in, and the result."""
        left, *sides = equation.sides_tex()
        spelled = equation.right.spelled()
        worked = [] if spelled is equation.right else [spelled.piece(equation.tex).text]
        return [left, *dict.fromkeys([*sides[:1], *worked, *sides[1:]])]


_TEXT = TEX_ESCAPED | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "−": "$-$", "·": r"$\cdot$", "×": r"$\times$", "²": "$^2$",
}  # fmt: skip


def text_tex(text: str) -> str:
    """A text outside of formulas."""
    return "".join(_TEXT.get(letter) or _greek(letter) for letter in printable(text))


def _greek(letter: str) -> str:
    tex = tex_name(letter)
    return f"${tex}$" if "Α" <= letter <= "ω" and tex.startswith("\\") else letter
