"""How a comparison of two graphs quotes texts and counts names: short, whatever they hold."""

from engine.graph.graph import Graph
from engine.values.values import counted

MOST_NAMED = 6  # things in one sentence: the others are counted
LONGEST = 60  # characters of a text that are shown


def quoted(text: str) -> str:
    """A text in quotation marks; nothing for none."""
    return f"“{cut(text)}”" if text else ""


def cut(text: str) -> str:
    """A text on one line, and not too long."""
    plain = " ".join(str(text).encode("utf-8", "replace").decode("utf-8").split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def listed(names: list[str], word: str) -> str:
    """Names in a row, the last after an “and”; many are counted."""
    if len(names) == 1:
        return names[0]
    more = len(names) - MOST_NAMED
    if more > 1:
        return f"{', '.join(names[:MOST_NAMED])} and {counted(more, f'more {word}')}"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def holding(graph: Graph) -> str:
    """What a graph holds, in words: how many nodes, and the names of the first."""
    nodes = [graph.nodes[id] for id in graph.order]
    if not nodes:
        return "no nodes"
    return f"{counted(len(nodes), 'node')}: {listed([cut(node.name) for node in nodes], 'node')}"
