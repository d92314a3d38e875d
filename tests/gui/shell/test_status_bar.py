"""The line at the bottom: how large the graph is shown."""

from __future__ import annotations

import pytest

from gui.shell.status_bar import StatusBar


@pytest.mark.parametrize(("zoom", "text"), [(1.5, "150 %"), (0.434, "43 %"), (0.014, "1 %"), (0.0042, "0.4 %")])
def test_a_zoom_is_never_told_as_nothing(qtbot, zoom: float, text: str) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_zoom(zoom)
    assert bar.zoom.text() == text
