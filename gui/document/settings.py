"""The user's settings, kept between sessions in an INI file, each with its name and default in one table."""

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QStandardPaths

DEFAULTS: dict[str, Any] = {
    "theme": "system",  # system, light, dark
    "wording": "gradient",
    "reduced_motion": False,
    "speed": 1.0,
    "loop": False,
    "follow_pass": False,
    "recent": [],
    "geometry": None,
    "layout": None,
    "last_folder": "",
    "training_log": False,
    "training_watched": True,
}


def config_dir() -> Path:
    """Where settings, the crash log and recovery files live. GRADLOOM_CONFIG_DIR overrides the system's place."""
    place = os.environ.get("GRADLOOM_CONFIG_DIR")
    standard = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    folder = Path(place) if place else Path(standard) / "gradloom"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _store() -> QSettings:
    return QSettings(str(config_dir() / "gradloom.ini"), QSettings.Format.IniFormat)


def get(name: str) -> Any:
    """A setting, in the type of its default; the default where what is stored cannot be read."""
    default = DEFAULTS[name]
    stored: Any = _store().value(name, default)
    if isinstance(default, bool):
        return stored in (True, "true", "1", 1)
    if isinstance(default, float):
        try:
            return float(stored)
        except (TypeError, ValueError):
            return default
    if isinstance(default, list):
        return [stored] if isinstance(stored, str) and stored else list(stored) if isinstance(stored, list) else []
    return stored


def put(name: str, value: Any) -> None:
    """Keep a setting."""
    assert name in DEFAULTS
    store = _store()
    store.setValue(name, value)
    store.sync()
