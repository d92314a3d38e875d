"""How much boxes have in common, held against Qt’s own rectangles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from gui.canvas.model.geometry import shared_areas

CORNERS = st.tuples(*[st.integers(-20, 20)] * 4)
SIDES = CORNERS.map(lambda s: (min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3])))


def area(one, other) -> float:
    both = QRectF(QPointF(*one[:2]), QPointF(*one[2:])) & QRectF(QPointF(*other[:2]), QPointF(*other[2:]))
    return both.width() * both.height()


@given(st.lists(SIDES, max_size=4), st.lists(SIDES, max_size=5))
def test_areas_are_those_of_the_rectangles_that_boxes_share(boxes, others) -> None:
    found = shared_areas(np.array(boxes, float).reshape(-1, 4), np.array(others, float).reshape(-1, 4))
    wanted = [[area(one, other) for other in others] for one in boxes]
    assert found.shape == (len(boxes), len(others))
    assert found.tolist() == [[float(number) for number in row] for row in wanted]
