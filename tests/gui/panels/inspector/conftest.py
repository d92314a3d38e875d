"""The inspector beside (x + y) · z."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gui.inspector_tools import Bench, product


@pytest.fixture
def bench(qtbot) -> Iterator[Bench]:
    yield Bench(qtbot, product())
