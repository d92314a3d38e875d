"""The close button of a window that stands behind a dialog: X tells of it, but Qt keeps it to itself.

Other systems disable the button of such a window.
"""

import ctypes
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

XCB_EVENT, CLIENT_MESSAGE = b"xcb_generic_event_t", 33  # what Qt and X call it when a window manager says something


class ClientMessage(ctypes.Structure):
    """xcb_client_message_event_t, as xproto.h has it."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("format", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("window", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("data", ctypes.c_uint32 * 5),
    )


class CloseButton(QObject):
    """Calls `pressed` when the button is pressed while a dialog blocks the window. It listens only meanwhile."""

    def __init__(self, window: QWidget, pressed: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._pressed = window, pressed
        self._ear = _Ear(self.hear)
        self._delete = _atom("WM_DELETE_WINDOW")

    def listen(self, blocked: bool) -> None:
        """A dialog blocks the window from now on, or no longer."""
        app = QGuiApplication.instance()
        if app is not None and self._delete:
            app.installNativeEventFilter(self._ear) if blocked else app.removeNativeEventFilter(self._ear)

    def hear(self, said: ClientMessage) -> None:
        """Something was said to a window. A page behind tabs is none: asked for its number, Qt would make it one."""
        handle = self._window.windowHandle()
        if handle is not None and said.window == handle.winId() and said.data[0] == self._delete:
            self._pressed()


class _Ear(QAbstractNativeEventFilter):
    def __init__(self, heard: Callable[[ClientMessage], None]) -> None:
        super().__init__()
        self._heard = heard

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        if kind == XCB_EVENT:
            said = ClientMessage.from_address(int(message))
            if said.kind & 0x7F == CLIENT_MESSAGE:  # the highest bit: another program has sent it
                self._heard(said)
        return False, 0


def _atom(name: str) -> int:
    """The number that X has for a name; 0 where there is no X."""
    app = QGuiApplication.instance()
    if QGuiApplication.platformName() != "xcb" or not isinstance(app, QGuiApplication):
        return 0
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XInternAtom.restype = ctypes.c_ulong
    native: Any = app.nativeInterface()  # of X11: Qt's stubs do not tell one from another
    display = native.display()
    return int(x11.XInternAtom(display, name.encode(), 1))
