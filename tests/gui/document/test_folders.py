"""Where things live, and what becomes of them where they cannot: nothing is lost, and the folder is named."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from gui.document import errors, folders, settings
from gui.document.folder_troubles import TOPIC, FolderTroubles


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Temporary files of this test's own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home in which nothing is yet, and no word about where to put things."""
    for name in ("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_settings_are_under_config_and_the_rest_under_state(home):
    if os.name != "posix" or os.uname().sysname == "Darwin":
        pytest.skip("other systems have other places")
    assert folders.settings_place().folder == home / ".config" / "gradloom"
    assert folders.state_folder() == home / ".local" / "state" / "gradloom"
    assert (home / ".local" / "state" / "gradloom").is_dir()


def test_one_variable_keeps_everything_in_one_place_and_a_second_parts_it(config_dir, tmp_path, monkeypatch):
    assert (folders.settings_place().folder, folders.state_folder()) == (config_dir, config_dir / "state")
    monkeypatch.setenv("GRADLOOM_STATE_DIR", str(tmp_path / "elsewhere"))
    assert (folders.settings_place().folder, folders.state_folder()) == (config_dir, tmp_path / "elsewhere")


def test_all_is_well_and_nothing_is_said(config_dir):
    assert folders.trouble_sentence() == "" and settings.why_unread() == ""
    assert not list(config_dir.rglob("*.tmp"))  # trying leaves nothing behind


def test_a_file_in_place_of_the_settings_folder_is_said_and_settings_are_kept_in_memory(config_dir, temporary):
    config_dir.write_text("precious", "utf-8")
    sentence = folders.trouble_sentence()
    assert (
        str(config_dir) in sentence and "a file stands in its place" in sentence and "settings last until" in sentence
    )
    settings.put("speed", 2.0)
    settings.put("recent", ["/a", "/b"])
    assert (settings.get("speed"), settings.get("recent"), settings.get("loop")) == (2.0, ["/a", "/b"], False)
    assert config_dir.read_text("utf-8") == "precious"


def test_a_settings_folder_that_goes_later_is_said_when_one_comes_back_to_the_window(qtbot, config_dir, temporary):
    troubles, told = FolderTroubles(), []
    troubles.found.connect(told.append)
    troubles.over.connect(told.append)
    troubles.begin()
    settings.put("speed", 0.5)
    shutil.rmtree(config_dir)
    config_dir.write_text("precious", "utf-8")
    troubles.look()
    assert not told  # nothing was lost so far
    settings.put("speed", 2.0)
    troubles.look()
    troubles.look()
    assert len(told) == 1 and "settings last until you close it" in told[0].sentence and settings.get("speed") == 2.0
    config_dir.unlink()
    troubles.look()
    assert told[1:] == [TOPIC] and settings.get("speed") == 2.0 and not settings.unwritten()


def test_a_state_folder_that_cannot_be_is_stood_in_for_by_a_spare_one(config_dir, temporary):
    config_dir.mkdir(parents=True)
    (config_dir / "state").touch()
    spare = folders.state_folder()
    assert spare and spare.parent == temporary and spare.is_dir()
    assert spare in folders.state_folders()
    sentence = folders.trouble_sentence()
    assert str(config_dir / "state") in sentence and str(spare) in sentence and "settings" not in sentence


def test_a_recovery_folder_that_cannot_be_is_said_and_stood_in_for(config_dir, temporary):
    (config_dir / "state").mkdir(parents=True)
    (config_dir / "state" / "recovery").touch()
    (folder,) = folders.recovery_folders()
    assert folder.parent.parent == temporary
    assert str(config_dir / "state" / "recovery") in folders.trouble_sentence()


def test_where_all_is_well_nothing_is_made_among_the_temporary_files(config_dir, temporary):
    assert next(folders.recovery_folders()) == config_dir / "state" / "recovery"
    assert not list(temporary.iterdir())


def test_where_nothing_at_all_can_be_written_one_is_told_to_save_often(config_dir, temporary, monkeypatch):
    config_dir.touch()
    monkeypatch.setattr(tempfile, "tempdir", str(config_dir))
    assert folders.state_folder() is None and errors.log_file() is None
    assert "save often" in folders.trouble_sentence()
    errors.start_log().handle(errors.logging.makeLogRecord({"msg": "nothing happens"}))


def test_a_spare_folder_that_somebody_else_made_is_not_used(config_dir, temporary, tmp_path):
    config_dir.mkdir(parents=True)
    (config_dir / "state").touch()
    spare = folders.state_folder()
    spare.rmdir()
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    spare.symlink_to(theirs)
    assert folders.state_folder() is None and spare not in folders.state_folders()
    assert not list(theirs.iterdir())


def test_without_a_home_it_is_said_and_no_folder_called_tilde_appears(home, temporary, tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "expanduser", str)  # as where neither HOME nor the list of users knows one
    monkeypatch.chdir(tmp_path)
    assert "no home folder" in folders.trouble_sentence()
    settings.put("loop", True)
    assert settings.get("loop") is True
    assert not (tmp_path / "~").exists()


def test_a_log_that_cannot_be_written_is_no_failure(config_dir, capsys):
    config_dir.mkdir(parents=True)
    (config_dir / "state" / "crash.log").mkdir(parents=True)
    (config_dir / "state" / "fault.log").mkdir()
    errors.start_log()
    errors.logging.getLogger("gradloom").error("a fault")
    assert capsys.readouterr() == ("", "")


def test_settings_of_an_older_version_are_found(home, monkeypatch, tmp_path):
    old = tmp_path / "old"
    (old / "gradloom").mkdir(parents=True)
    (old / "gradloom" / "gradloom.ini").write_text("[General]\nspeed=4\n", "utf-8")
    monkeypatch.setattr(folders.QStandardPaths, "writableLocation", lambda place: str(old))
    assert settings.get("speed") == 4.0
    assert old / "gradloom" in folders.state_folders()


def test_a_relative_folder_is_taken_from_where_the_program_starts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADLOOM_CONFIG_DIR", "here")
    assert folders.settings_file() == Path(tmp_path, "here", "gradloom.ini")
