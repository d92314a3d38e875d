"""Makes the README's pictures anew, in this folder: `python assets/pictures/make.py`. No screen is needed."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
EXAMPLES = PROJECT / "assets" / "examples"
SETTLING = 1500  # milliseconds until formulas are set
MOMENT = 8.14  # of (x + y) · z: what q sends is on its way to x

LEARNING = ("--train", "240", "--fps", "8", "--size", "1280x680", "--edges", "values")
RENDERED = (
    ("cs231n-product.gradloom", "backward.webp", "--size", "860x520", "--fps", "25"),
    ("xor-scalars.gradloom", "learning.webp", *LEARNING),
    ("cs231n-staged.gradloom", "dark.png", "--theme", "dark", "--captions", "--scale", "1.5"),
)


def main() -> int:
    """Make all of them; the exit code is that of the first command that fails."""
    photograph(HERE / "window.png")  # first: it is Qt's application for windows that the others can use too
    from gui.__main__ import main as gradloom

    for source, out, *options in RENDERED:
        if code := gradloom(["render", str(EXAMPLES / source), str(HERE / out), *options]):
            return code
    return 0


def photograph(out: Path) -> None:
    """The main window as a user sees it, in the middle of the backward pass."""
    from PySide6.QtTest import QTest

    from gui.app import make_app
    from gui.look import style
    from gui.main_window import MainWindow

    app = make_app("light")
    app.setQuitOnLastWindowClosed(False)
    window = MainWindow()
    style.dress(window)
    window.resize(1440, 900)
    window.show()
    window.files.open(EXAMPLES / "cs231n-product.gradloom")
    app.processEvents()
    window.canvas.camera.fit_all()
    window.bridge.player.seek(MOMENT)
    QTest.qWait(SETTLING)
    window.grab().save(str(out))
    window.close()


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(PROJECT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRADLOOM_CONFIG_DIR"] = folder  # nobody's own settings are in the pictures
        sys.exit(main())
