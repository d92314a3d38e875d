"""CS231n's graph under a hand."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.canvas_tools import Hands, cs231n


@pytest.fixture
def desk(qtbot: QtBot) -> Hands:
    return Hands(qtbot, cs231n())
