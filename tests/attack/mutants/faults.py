"""The faults: each a slip that a careless change could make, and the tests that are there to catch it.

To add one is to add a record: the file, a text that stands in it exactly once, what stands there instead, and where in
`tests/engine` it must be caught. A record whose text is not there, or there twice, is stale: the run says so.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """`file` under `engine/`, `tests` under `tests/engine/`, separated by spaces."""

    file: str
    old: str
    new: str
    tests: str


FAULTS = (
    # --- what ops compute, and their slopes
    Fault("ops/loss.py", "where(t * o < 1, -t / count(o, t), 0.0)", "where(t * o <= 1, -t / count(o, t), 0.0)", "ops/test_edge_cases.py truth/test_conventions.py"),
    Fault("ops/loss.py", "where(t * o < 1, -o / count(o, t), 0.0)", "where(t * o <= 1, -o / count(o, t), 0.0)", "ops/test_edge_cases.py truth/test_conventions.py"),
    Fault("ops/activation.py", "where(x <= 0, 0.0, 1.0)", "where(x < 0, 0.0, 1.0)", "ops/test_edge_cases.py"),
    Fault("ops/arithmetic.py", "-a / b / b", "-a / b", "ops/test_edge_cases.py passes/test_run.py"),
    Fault("ops/words/arrays.py", "return where(x == 0, 0.0, x * np.log(y))", "return x * np.log(y)", "ops/test_words.py ops/test_edge_cases.py"),
    Fault("ops/words/floats.py", "return 0.0 if x == 0 else x * log(y)", "return x * log(y)", "ops/test_words.py ops/test_edge_cases.py"),
    Fault("ops/words/arrays.py", "return where((a == 0) & (b == 0), 0.0, a / b)", "return np.divide(a, b)", "ops/test_words.py ops/test_edge_cases.py"),
    Fault("ops/words/floats.py", "return 0.0 if a == 0 == b else a / b", "return a / b", "ops/test_words.py ops/test_edge_cases.py"),
    Fault("ops/words/along.py", "if count <= ddof:", "if count < ddof:", "ops/test_axes_and_places.py"),
    Fault("ops/words/along.py", "won / sum_(won * 1.0, axis, True)", "won * 1.0", "ops/test_edge_cases.py ops/test_axes_and_places.py"),
    Fault("ops/words/images.py", "across : width - across]", "across : width]", "ops/test_images.py"),
    Fault("ops/words/outlines.py", "return (a.size, b.size)", "return (max(a.size, b.size),)", "ops/test_outlines.py"),
    Fault("values/values.py", "if n == 1 and full[new + i] != 1)", "if n == 1)", "ops/test_ops.py"),
    # --- the passes
    Fault("passes/run.py", "contribution if before is None else before + contribution", "contribution", "passes/test_run.py"),
    Fault("passes/plan.py", "all(edge.source in result for edge in edges)", "any(edge.source in result for edge in edges)", "passes/test_run.py passes/test_leaves.py"),
    Fault("passes/meter.py", "if self.used + bytes <= MEMORY.limit:", "if self.used + bytes < MEMORY.limit:", "passes/test_meter.py"),
    Fault("passes/meter.py", "if id(owner) not in self._held:", "if True:", "passes/test_meter.py"),
    Fault("passes/compile.py", 'product = f"-{g}"', 'product = f"{g}"', "passes/test_compiled.py"),
    # --- whether it can be trusted
    Fault("truth/differences.py", "abs(analytic - numeric) / size if size else 0.0", "abs(analytic - numeric) / size if size else 1.0", "truth/test_gradcheck.py"),
    Fault("truth/differences.py", "return (in_noise or probe.noise <= near)", "return (in_noise or True)", "truth/test_gradcheck.py truth/test_planted.py truth/test_healthy.py"),
    Fault("truth/numbers.py", "if all(map(is_finite, step.inputs))", "if any(map(is_finite, step.inputs))", "truth/test_problems.py ops/test_edge_cases.py"),
    Fault("truth/jacobian.py", "return not np.any(blocks[apart])", "return not np.all(blocks[apart])", "truth/test_jacobian.py"),
    # --- what is drawn, and how it is changed
    Fault("graph/document.py", "return not self._on_disk or self._last is not self._saved", "return self._last is not self._saved", "graph/test_document.py"),
    Fault("graph/change.py", "(first[key][0] if key in first else before, after)", "(before, after)", "graph/test_document.py edits/test_edits.py"),
    Fault("graph/sound.py", "if op.repeats and edge.port >= max(op.fewest, used[edge.dest]):", "if op.repeats and edge.port > max(op.fewest, used[edge.dest]):", "graph/test_sound.py"),
    Fault("graph/sound.py", "        if count > most:", "        if count >= most:", "graph/test_sound.py"),
    Fault("graph/names.py", "begun.get(stem, 2)", "begun.get(stem, 3)", "edits/test_many.py"),
    Fault("edits/nodes.py", 'facts = ({"target": (id, new_id)} if graph.target == id else {})', "facts = {}", "edits/test_edits.py"),
    Fault("edits/nodes.py", "if dest in gone or not op.repeats or len(graph.into(dest)) <= op.fewest:", "if dest in gone or not op.repeats or len(graph.into(dest)) < op.fewest:", "edits/test_edits.py"),
    Fault("edits/edges.py", "was_end = before.target == source and not before.out_of(source)", "was_end = before.target == source", "edits/test_edits.py"),
    Fault("layout/layers.py", "for _ in range(self.column[start] + 1, self.column[end]):", "for _ in range(self.column[start], self.column[end]):", "layout/test_layout.py"),
    # --- files and texts
    Fault("files/codec.py", "    if written > version:", "    if written >= version:", "files/test_codec.py"),
    Fault("files/replace.py", "            draft.unlink(missing_ok=True)\n            raise\n    except", "            raise\n    except", "files/test_replace.py files/test_files.py"),
    Fault("files/lock.py", "        return self._age(touched) < STALE\n\n    def _age", "        return True\n\n    def _age", "files/test_lock.py"),
    Fault("files/lock.py", "not holder.owner.is_dead and self._age(touched) < STALE", "self._age(touched) < STALE", "files/test_lock.py"),
    Fault("text/grammar.py", 'depth = max(0, depth + (sign in "([{") - (sign in ")]}"))', 'depth = max(0, depth + (sign in "([{"))', "text/test_expression.py files/test_incoming.py"),
    Fault("text/grammar.py", "                if depth > DEEPEST:", "                if depth >= DEEPEST:", "text/test_expression.py files/test_incoming.py"),
    Fault("values/literal.py", "if slash and _read_float(below) else _read_float(word)", "if slash else _read_float(word)", "values/test_values.py"),
    Fault("data/tables.py", "features[training].mean(axis=0), features[training].std(axis=0)", "features.mean(axis=0), features.std(axis=0)", "data/test_datasets.py"),
    # --- learning
    Fault("learn/optimisers.py", "theta -= rate / (1 - decay1) * mean", "theta -= rate * mean", "learn/test_training.py"),
    Fault("learn/optimisers.py", "min(1.0, clip / (norm(gradient) or clip))", "(clip / (norm(gradient) or clip))", "learn/test_training.py"),
    Fault("learn/conclusion.py", '"fell" if last < first else "rose"', '"fell" if last > first else "rose"', "learn/test_conclusions.py"),
    # --- what is shown and written
    Fault("show/frame.py", "count = bisect_left(arrived, self.done)", "count = bisect_left(arrived, self.done + 1)", "show/test_player.py"),
    Fault("show/player.py", "        if self.position >= self.end:\n            self.position = 0.0\n        self.playing = True", "        if self.position > self.end:\n            self.position = 0.0\n        self.playing = True", "show/test_player.py"),
    Fault("show/readable.py", "0.5 * UNIT * (len(earlier) + 1)", "0.0 * UNIT * (len(earlier) + 1)", "show/test_readable.py"),
    Fault("values/values.py", 'if text.startswith(("-", MINUS)) else text', 'if text.startswith("-") else text', "show/test_equation_signs.py values/test_values.py"),
    Fault("export/torch.py", '"hinge": "mean(torch.relu(1 - t * o))",', '"hinge": "mean(torch.relu(1 + t * o))",', "export/test_export_libraries.py"),
)  # fmt: skip
