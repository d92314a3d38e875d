"""Programs that some tests talk to: a browser, a screen reader's bus. Where they are missing those tests are skipped.

Standard library only: `run.py test` asks this before there is an environment.
"""

from __future__ import annotations

import glob
import sys

# Where it lies -> Debian and Ubuntu package.
BROWSERS = {"/usr/bin/chromium*": "chromium", "/usr/bin/node": "nodejs"}
SCREEN_READER = {
    "/usr/bin/Xvfb": "xvfb",
    "/usr/bin/dbus-daemon": "dbus",
    "/usr/lib*/at-spi*": "at-spi2-core",
    "/usr/lib/*/girepository-1.0/Atspi-2.0.typelib": "gir1.2-atspi-2.0",
    "/usr/lib/python3/dist-packages/gi": "python3-gi",
}
WITHOUT = (
    (BROWSERS, "Without a browser and Node the tests of web pages are skipped"),
    (SCREEN_READER, "Without an accessibility bus the test that reads the window to the blind is skipped"),
)


def missing() -> list[tuple[list[str], str]]:
    """Packages, and what is skipped without them; those that come together stand together."""
    if not sys.platform.startswith("linux"):
        return []
    absent = [([package for place, package in needs.items() if not _is_at(place)], what) for needs, what in WITHOUT]
    return [(packages, what) for packages, what in absent if packages]


def _is_at(place: str) -> bool:
    return bool(glob.glob(place))
