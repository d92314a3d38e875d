"""Where nothing can be printed a command says so in one line, with the right exit code, and nothing comes after it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from engine import cli
from tests.engine.commands.command_tools import PRINTING

SILENT = {"convert", "exercise"}
CASES = [
    *([name, "--help"] for name in cli.COMMANDS),
    *([name, *words] for name, words in PRINTING.items()),
    ["--help"],
    ["--version"],
]

# One process for all of them: standard output is made anew before each, as Python makes it when it starts.
DRIVER = """
import io, json, os, sys
from engine import cli
how, cases = sys.argv[1], json.loads(sys.argv[2])
if how == "full":
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
elif how == "pipe":
    read, write = os.pipe()
    os.dup2(write, 1)
    os.close(read)
codes = []
for words in cases:
    sys.stdout = None if how == "closed" else io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "ascii")
    codes.append(cli.main(words))
print(json.dumps(codes), file=sys.stderr)
"""


def driven(how, cases):
    words = [sys.executable, "-c", DRIVER, how, json.dumps(cases)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    *said, codes = done.stderr.splitlines()
    return json.loads(codes), said


def test_every_command_that_prints_is_tried():
    assert PRINTING.keys() | SILENT == cli.COMMANDS.keys()


@pytest.mark.parametrize("how, why", [("full", "the disk is full"), ("closed", "it is closed")])
def test_what_cannot_be_printed_is_said_in_one_line(how, why):
    codes, said = driven(how, CASES)
    assert said == [f"gradloom: standard output cannot be written: {why}"] * len(CASES)
    assert codes == [2] * len(CASES)


def test_a_pipe_that_nobody_reads_any_more_ends_a_command_quietly():
    codes, said = driven("pipe", CASES)
    assert (codes, said) == ([0] * len(CASES), [])


def shell(source, streams):
    """`gradloom run SOURCE` with its streams as the shell sets them."""
    command = f"\"$0\" -c \"from engine import cli; raise SystemExit(cli.main(['run', '{source}']))\" {streams}"
    return subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("streams", ["2>/dev/full", "2>&-"])
def test_what_cannot_be_said_changes_no_exit_code(streams):
    done = shell("nothing", streams)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


def test_standard_input_that_is_closed_is_told():
    done = shell("-", "<&-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "gradloom: standard input cannot be read: it is closed\n"


def test_no_memory_left_is_told_as_any_refusal(monkeypatch, capsys):
    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr("engine.commands.run.run", exhausted)
    assert cli.main(["run", "neuron"]) == 2
    assert capsys.readouterr().err == "gradloom: this machine has no memory left for it\n"


def test_the_memory_that_a_run_may_take_is_an_option(capsys):
    words = ["run", "--expr", "a = ones(900); y = outer(a, a)"]
    assert cli.main(words) == 0
    assert cli.main([*words, "--memory", "4MB"]) == 2
    assert "y would need 6.18 MB; all values together may take 4 MB (Outer product)." in capsys.readouterr().err
    assert cli.main([*words, "--memory", "lots"]) == 2
    assert "--memory: “lots” is not a size such as 512MB or 2GB" in capsys.readouterr().err
    assert cli.main(words) == 0
