r"""LaTeX: the derivation as a document, in symbols and in numbers, one equation a node and a pass.

Forward: `q = x + y = -2 + 5 = 3`. Backward, for each node: the chain rule over all that it feeds (a fan-out is a sum),
the same with the local derivatives in symbols, the same in numbers.
"""

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from engine.export.target import computed, export
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.show.formula import TEX_ESCAPED, forward_tex, tex_name, tex_number, vjp_tex
from engine.text.write import printable
from engine.values.values import Value, bracketed, number_text

MOST = 4  # rows and columns of a matrix that are written out
TERMS = 4  # terms of a sum that stand on a line

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


@export("latex", "LaTeX derivation", ".tex", order=50)
def write_latex(graph: Graph, trace: Trace) -> str:
    """A standalone document. Raises ExportError if nothing has a value."""
    derivation = Derivation(graph, trace)
    parts = [_HEAD, rf"\section*{{{text_tex(graph.title) or 'A computational graph'}}}"]
    parts += _section("The leaves", derivation.leaves())
    parts += _section("Forward", derivation.forward())
    backward = _section("Backward", derivation.backward())
    if any(r"\right|" in line for line in backward):
        bar = r"$\left.\frac{\partial y}{\partial x}\right|_{a}$"
        backward.insert(1, f"A bar, as in {bar}, means: through the input $a$ alone.")
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
        self.names = Counter(node.name for node in graph.nodes.values())

    def leaves(self) -> Iterator[list[str]]:
        for step in self.computed:
            if self.graph.nodes[step.node].op.is_leaf:
                yield [self._name(step.node, step.output), value_tex(step.value)]

    def forward(self) -> Iterator[list[str]]:
        for step in self.computed:
            node = self.graph.nodes[step.node]
            if node.op.is_leaf:
                continue
            names = tuple(self._name(edge.source, edge.output) for edge in self.graph.into(node.id))
            scalar = not any(x.ndim for x in step.inputs)
            sides = [forward_tex(node.op, names, node.chosen, scalar)]
            if scalar:
                numbers = tuple(map(value_tex, step.inputs))
                sides[0] += f" = {forward_tex(node.op, numbers, node.chosen, scalar)} = {value_tex(step.value)}"
            else:
                sides.append(value_tex(step.value))
            yield [self._name(node.id), *sides]

    def backward(self) -> Iterator[list[str]]:
        """For each node, when all its contributions are in: the seed, or the sum over everything that it feeds."""
        arrived: dict[str, list[ContributionStep]] = {}
        for step in self.trace.steps:
            if isinstance(step, SeedStep):
                yield [self._gradient(step.node), value_tex(step.gradient)]
            elif isinstance(step, ContributionStep):
                source = step.edge.source
                arrived.setdefault(source, []).append(step)
                count = len(self.trace.arrivals[source]) - (source == self.trace.plan.target)
                if len(arrived[source]) == count:
                    yield [self._gradient(source), *self._sum(source, arrived.pop(source))]

    def _sum(self, source: str, steps: list[ContributionStep]) -> Iterator[str]:
        total = self.trace.gradient(source)
        assert total is not None
        rules = [self._rule(step) for step in steps]
        direct = len(steps) == 1 and steps[0].edge.dest == self.trace.plan.target
        if all(step.local is not None for step in steps) and not direct:
            yield _added([rf"{self._gradient(s.edge.dest)} \, {self._slope(s)}" for s in steps])
        yield _added(rules)
        if total.ndim == 0 and all(step.local is not None and np.ndim(step.local) == 0 for step in steps):
            yield f"{_added([self._numbers(step) for step in steps])} = {value_tex(total)}"
        else:
            yield value_tex(total)

    def _rule(self, step: ContributionStep) -> str:
        """The contribution in symbols: upstream times local derivative, or the op's own rule."""
        edge, node = step.edge, self.graph.nodes[step.edge.dest]
        inputs, upstream = self.trace.inputs(node.id), self._gradient(node.id)
        names = tuple(self._name(e.source, e.output) for e in self.graph.into(node.id))
        scalar = not any(x.ndim for x in inputs)
        rule, is_local = vjp_tex(node.op, edge.port, names, self._name(node.id), upstream, node.chosen, scalar)
        text, local = rule, step.local
        if is_local and local is not None:
            times = r"\cdot" if step.upstream.ndim == 0 or not np.ndim(local) else r"\odot"
            text = upstream if rule == "1" else f"{upstream} {times} {_grouped(rule)}"
        if step.axes:
            axes = ",".join(map(str, step.axes))
            text = rf"\sum_{{\text{{axis }}{axes}}} {_grouped(text)}"
        return text

    def _numbers(self, step: ContributionStep) -> str:
        return rf"{bracketed(value_tex(step.upstream))} \cdot {bracketed(value_tex(np.float64(step.local or 0.0)))}"

    def _slope(self, step: ContributionStep) -> str:
        """The local derivative; with a bar and the port where it is not the only way from the one to the other."""
        edge = step.edge
        slope = rf"\frac{{\partial {self._name(edge.dest)}}}{{\partial {self._name(edge.source)}}}"
        ways = [e for e in self.graph.into(edge.dest) if e.source == edge.source]
        if len(ways) == 1 and edge.dest != self.trace.plan.target:
            return slope
        return rf"\left.{slope}\right|_{{{self.graph.nodes[edge.dest].op.port_name(edge.port)}}}"

    def _gradient(self, node: str) -> str:
        target = self.trace.plan.target
        assert target is not None
        return rf"\frac{{\partial {self._name(target)}}}{{\partial {self._name(node)}}}"

    def _name(self, node: str, output: int = 0) -> str:
        said, outputs = self.graph.nodes[node].name, self.graph.nodes[node].op.outputs
        name = tex_name(said if self.names[said] == 1 and printable(said) else node)  # a label may be on two nodes
        return name if len(outputs) == 1 else rf"{{{name}}}_{{\mathrm{{{outputs[output]}}}}}"


def _added(terms: list[str]) -> str:
    held = [bracketed(term) if i else term for i, term in enumerate(terms)]
    lines = [" + ".join(held[i : i + TERMS]) for i in range(0, len(held), TERMS)]
    return " \\\\\n    &\\quad + ".join(lines)


def _grouped(tex: str) -> str:
    """A factor: in parentheses if it is a sum or begins with a sign."""
    loose = tex.startswith("-") or any(sign in _outside(tex) for sign in (" + ", " - ", " > ", " < ", " = "))
    return rf"\left({tex}\right)" if loose else tex


def _outside(tex: str) -> str:
    """What of a piece of LaTeX stands in no braces, parentheses or environment."""
    plain, depth = "", 0
    for part in re.sub(r"\\[{}]", "", re.sub(r"\\end\{\w+\}", ")", re.sub(r"\\begin\{\w+\}", "(", tex))):
        depth += (part in "{([") - (part in "})]")
        plain += part if depth <= 0 else ""
    return plain


def value_tex(value: Value) -> str:
    """A value as LaTeX: a number, a small matrix, or for anything larger its shape."""
    value = np.asarray(value)
    if value.ndim == 0:
        return tex_number(number_text(float(value), 6))
    if value.ndim <= 2 and max(value.shape) <= MOST:
        rows = (" & ".join(tex_number(number_text(x)) for x in row) for row in np.atleast_2d(value))
        return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"
    return r"\text{(}" + r" \times ".join(map(str, value.shape)) + r"\text{ numbers)}"


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
