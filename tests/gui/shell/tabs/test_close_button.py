"""What X says while a dialog stands over the window is for the window alone: a page behind a tab is none."""

from __future__ import annotations

from gui.shell.close_button import ClientMessage


def message(window: int) -> ClientMessage:
    """As the close button's; without X its word has the number 0."""
    return ClientMessage(kind=33, format=32, window=window)


def test_a_page_does_not_become_a_window_by_what_another_window_is_told(tabs) -> None:
    """With each dialog Qt made a window of the page, and complained of every dialog and tool tip that came over it."""
    tabs.current.closing.button.hear(message(1))
    assert tabs.current.windowHandle() is None and not tabs.current.isWindow()


def test_the_close_button_of_the_window_is_heard(tabs, qtbot) -> None:
    ended = []
    tabs.closing.ended.connect(lambda: ended.append(True))
    tabs.closing.button.hear(message(int(tabs.winId()) + 1))
    tabs.closing.button.hear(message(int(tabs.winId())))
    qtbot.waitUntil(lambda: ended == [True])
