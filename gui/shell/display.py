"""Whether there is a screen to open a window on: asked before Qt is, because Qt would abort the process."""

import ctypes
import os
import socket
import sys
from collections.abc import Mapping

REMEDY = (
    "`gradloom run FILE` prints the numbers without a window; `xvfb-run gradloom` opens the editor on a virtual screen."
)
SCREENLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs", "minimalegl")


def why_no_display(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> str | None:
    """One sentence saying why no window can be opened and what to do instead; None if one can."""
    platform = environ.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    if not system.startswith("linux") or platform in SCREENLESS:
        return None
    wayland, display = environ.get("WAYLAND_DISPLAY", ""), environ.get("DISPLAY", "")
    if wayland and platform != "xcb" and _wayland_answers(wayland, environ.get("XDG_RUNTIME_DIR", "")):
        return None
    if not display:
        why = f"no Wayland server answers at {wayland}" if wayland else "DISPLAY and WAYLAND_DISPLAY are not set"
        return f"There is no screen to open a window on: {why}. {REMEDY}"
    return None if _x_answers(display) else f"No X server answers at DISPLAY={display}. {REMEDY}"


def _wayland_answers(name: str, folder: str) -> bool:
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.connect(os.path.join(folder, name))
        except OSError:
            return False
    return True


def _x_answers(display: str) -> bool:
    """Connect as Qt will: with libxcb, which also brings the authority that the server wants."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # whether Qt can is not ours to say
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
