"""Groups, regions and notes survive whatever is done to a graph, in any order: undo and redo, files, sessions."""

from __future__ import annotations

import json
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.files.codec import to_record
from tests.attack import attack_edits
from tests.attack.graphs import random_graph
from tests.boxes import boxed

OF_BOXES = tuple(
    name
    for name in attack_edits.makers()
    if any(part in name for part in ("group", "region", "note", "block", "fold", "surround", "_all"))
)
BESIDE = (
    "delete", "paste", "duplicate", "expand", "fuse", "rename", "insert_node", "connect", "replace_node", "splice",
    "delete_and_join", "reload", "join", "arrange_nodes",
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_random_edits_of_groups_regions_and_notes_keep_everything_sound(random: Random) -> None:
    graph = boxed(random_graph(random, 8), random)
    done = []
    for _ in range(25):
        name = random.choice(OF_BOXES if random.random() < 0.6 else BESIDE)
        parameters = [p for p in attack_edits.makers()[name].parameters.values() if attack_edits._is_given(random, p)]
        done.append(["edit", name, {p.name: attack_edits._argument(random, name, p) for p in parameters}, ""])
        if random.random() < 0.2:
            done.append([random.choice(("undo", "redo", "reload", "undo_all"))])
    attack_edits.check(json.dumps({"graph": to_record(graph), "events": done}).encode())


def test_the_edits_of_boxes_are_among_those_that_are_tried() -> None:
    wanted = {"make_group", "ungroup", "fold_groups", "move_groups", "surround", "move_region", "edit_note", "move_all",
              "insert_block", "find_groups"}  # fmt: skip
    assert wanted <= set(OF_BOXES)
