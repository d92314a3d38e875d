"""Time is data: frames at any position, and the player that moves it, ticked by hand."""

from collections.abc import Sequence

import pytest

from engine.passes.run import run
from engine.passes.trace import CONTRIBUTION_SECONDS, FORWARD_SECONDS, LONGEST
from engine.show.frame import TRAVEL, frame_at
from engine.show.player import Player
from tests.building import chain, graph_of, xyz

SEED, F_TO_Q, F_TO_Z, Q_TO_X = 5, 6, 7, 8  # the steps of xyz()


@pytest.fixture
def player():
    player = Player(run(xyz()))
    player.go_to_start()
    return player


def test_values_appear_in_turn_and_gradients_only_after_them():
    trace = run(xyz())
    assert frame_at(trace, 0).value("x") is None
    assert float(frame_at(trace, 1).value("x")) == -2 and frame_at(trace, 1).value("y") is None
    forward_done = frame_at(trace, SEED)
    assert all(forward_done.value(id) is not None for id in "xyzqf") and not forward_done.backward
    assert all(forward_done.gradient(id) is None for id in "xyzqf")
    assert float(frame_at(trace, SEED + 1).gradient("f")) == 1


def test_a_contribution_travels_then_arrives():
    trace = run(xyz())
    on_the_way = frame_at(trace, F_TO_Q + TRAVEL / 2)
    (pulse,) = on_the_way.pulses
    assert (pulse.edge.dest, pulse.edge.source, float(pulse.contribution)) == ("f", "q", -4)
    assert pulse.t == pytest.approx(0.5) == on_the_way.lit(("f", 0))
    assert on_the_way.gradient("q") is None and on_the_way.contribution(("f", 0)) is None
    arrived = frame_at(trace, F_TO_Q + 1)
    assert float(arrived.gradient("q")) == float(arrived.contribution(("f", 0))) == -4
    assert not arrived.pulses and arrived.lit(("f", 0)) == 1 and arrived.lit(("q", 0)) == 0
    assert arrived.merge.t == 1, "it stays to be read"


def test_the_sum_at_a_fan_out_grows_contribution_by_contribution():
    trace = run(graph_of(("x", "input", 3), ("y", "mul", ["x", "x"]), target="y"))
    first, second = frame_at(trace, 4), frame_at(trace, 5)
    assert float(first.gradient("x")) == 3 and not first.gradient_complete("x")
    assert float(second.gradient("x")) == 6 and second.gradient_complete("x")
    merge = frame_at(trace, 4 + TRAVEL + 0.1).merge
    assert (float(merge.before), float(merge.contribution), float(merge.total)) == (3, 3, 6)


def test_a_frame_depends_on_nothing_but_the_position():
    trace = run(xyz())
    positions = [i / 7 for i in range(80)]
    forwards = [frame_at(trace, p).pulses for p in positions]
    backwards = [frame_at(trace, p).pulses for p in reversed(positions)][::-1]
    assert forwards == backwards


def test_a_gradient_that_there_is_not_is_complete_at_the_end():
    trace = run(xyz(), target="q")
    assert frame_at(trace, 3).gradient("z") is None
    end = frame_at(trace, 99)
    assert end.at_end and float(end.gradient("z")) == 0 and end.gradient_complete("f")


def test_playing_takes_as_long_as_the_steps_say(player):
    player.play()
    player.tick(5 * FORWARD_SECONDS - 0.01)
    assert SEED - 0.1 < player.position < SEED and player.playing
    for _ in range(300):
        player.tick(1 / 60)
    assert player.position == player.end and not player.playing and not player.moving


@pytest.mark.parametrize("speed", [0.25, 8.0])
def test_speed_scales_time(player, speed):
    player.speed = speed
    player.play()
    player.tick(FORWARD_SECONDS / speed)
    assert player.position == pytest.approx(1)


def test_playing_from_the_end_begins_again_and_loops_if_asked(player):
    player.go_to_end()
    player.toggle()
    assert player.position == 0 and player.playing
    player.loop = True
    player.tick(1000)
    assert player.playing and player.position == 0
    player.toggle()
    assert not player.playing


def test_a_step_glides_and_a_second_press_finishes_it(player):
    player.seek(F_TO_Q)
    player.step_forward()
    assert player.position == F_TO_Q and player.moving
    player.tick(CONTRIBUTION_SECONDS / 2)
    assert player.position == pytest.approx(F_TO_Q + 0.5)
    player.step_forward()
    assert player.position == F_TO_Z
    player.tick(10)
    assert player.position == F_TO_Z + 1 and not player.moving


def test_steps_back_undo_steps_forward(player):
    player.seek(F_TO_Z + 0.5)
    player.step_back()
    player.tick(10)
    assert player.position == F_TO_Z
    player.step_back()
    player.tick(0.1)
    assert F_TO_Q < player.position < F_TO_Z
    player.tick(10)
    assert player.position == F_TO_Q


def test_stepping_by_node_stops_where_a_nodes_turn_ends(player):
    player.reduced_motion = True
    stops = []
    for _ in range(9):
        player.step_forward(whole_node=True)
        stops.append(player.position)
    assert stops == [1, 2, 3, 4, 5, 8, 10, 10, 10], "f's turn is its seed and both its contributions"
    back = []
    for _ in range(4):
        player.step_back(whole_node=True)
        back.append(player.position)
    assert back == [8, 5, 4, 3]


def test_reduced_motion_jumps_from_step_to_step(player):
    player.reduced_motion = True
    player.play()
    seen = set()
    for _ in range(2000):
        player.tick(1 / 60)
        seen.add(player.position)
        assert player.position == int(player.position)
    assert seen == set(range(11)) and not player.playing
    player.step_back()
    assert player.position == 9 and not player.moving


def test_ends_and_the_beginning_of_the_backward_pass(player):
    player.go_to_backward()
    assert player.position == SEED
    player.seek(1e9)
    assert player.position == player.end
    player.seek(-3)
    assert player.position == 0


def test_nothing_to_play():
    player = Player(run(graph_of()))
    for command in (player.play, player.step_forward, player.step_back, player.go_to_end, player.toggle):
        command()
        player.tick(1)
        assert player.position == 0 and not player.moving


def test_another_run_keeps_the_place(player):
    player.seek(Q_TO_X + 1)
    player.play()
    player.replace_trace(run(xyz(), values={"x": 7}))
    assert player.position == Q_TO_X + 1 and not player.playing
    player.replace_trace(run(xyz(), target="q"))
    step = player.frame.step
    assert (step.edge.dest, step.edge.source) == ("q", "x")
    player.go_to_end()
    player.replace_trace(run(xyz()))
    assert player.position == player.end, "who was at the end stays at the end"


def test_a_long_pass_does_not_take_for_ever_and_keeps_its_pulses_apart():
    trace = run(chain(2000))
    player = Player(trace)
    player.go_to_start()
    player.play()
    player.tick(LONGEST * 0.99)
    assert player.playing
    player.tick(LONGEST * 0.02)
    assert not player.playing
    assert len(frame_at(trace, 2500.3).pulses) == 1, "in a chain each waits for the one before"


def test_many_contributions_of_a_node_overlap_when_it_is_fast():
    leaves = [(f"x{i}", "input", i) for i in range(400)]
    graph = graph_of(*leaves, ("s", "add", [id for id, _, _ in leaves]), target="s")
    trace = run(graph)
    frame = frame_at(trace, trace.backward_start + 200.5)
    assert len(frame.pulses) > 3
    assert all(0 < pulse.t < 1 for pulse in frame.pulses)


class Counted(Sequence):
    """A row of steps that are not seen; it counts how often one asks."""

    def __init__(self, count: int) -> None:
        self.count, self.asked = count, 0

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, at: int) -> bool:
        self.asked += 1
        if not 0 <= at < self.count:
            raise IndexError(at)
        return True


def test_a_long_row_of_steps_that_are_not_seen_is_measured_once():
    player = Player(run(chain(300)))
    player.quiet = quiet = Counted(len(player.trace))
    player.play()
    for _ in range(20):
        player.tick(CONTRIBUTION_SECONDS / 100)
    assert player.position > 0 and quiet.asked < 3 * len(player.trace)
