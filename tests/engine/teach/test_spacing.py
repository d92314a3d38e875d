"""What went wrong comes back, later each time that it went well, and at last no more."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.teach.spacing import WAITS, PastAnswer, due

START = datetime(2026, 3, 1, 9)
SIGN = frozenset({"sign"})


def test_a_mistake_is_due_until_it_was_avoided_four_times():
    attempts = [PastAnswer(START, False, SIGN)]
    time = START
    for wait in WAITS:
        assert not wait or not due(attempts, time + wait - timedelta(minutes=1))
        time += wait
        assert due(attempts, time) == SIGN
        attempts.append(PastAnswer(time, True, possible=SIGN))
    assert due(attempts, time + timedelta(days=400)) == frozenset()
    attempts.append(PastAnswer(time + timedelta(days=1), False, SIGN))
    assert due(attempts, time + timedelta(days=1)) == SIGN


def test_what_is_asked_too_early_changes_nothing():
    early = [PastAnswer(START, False, SIGN), *(PastAnswer(START, True, possible=SIGN) for _ in range(9))]
    assert due(early, START) == frozenset() and due(early, START + WAITS[1]) == SIGN


def test_what_could_not_be_made_says_nothing():
    assert due([PastAnswer(START, False, SIGN), PastAnswer(START, True, possible=frozenset({"gate"}))], START) == SIGN
    assert due([PastAnswer(START, True, possible=SIGN)], START) == frozenset()
