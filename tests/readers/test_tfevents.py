"""TensorBoard event files: what real writers write, damaged and half-written files, sessions, updates."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.readers import event_records, event_values
from rundoctor.readers.event_records import Records, checksum
from rundoctor.readers.event_values import Events
from rundoctor.readers.foreign.tfevents import read, read_together
from rundoctor.readers.tally import Tally
from rundoctor.reading import read_run
from tests.event_builders import event, events, nested, record, scalar, tensor, write_events

TWO = [(0, 1.0), (1, 2.0)]


def taken(data: bytes) -> tuple[Events, Tally]:
    found, tally = Events(), Tally()
    for payloads in Records(io.BytesIO(data), tally).chunks():
        found.add(payloads)
    return found, tally


def points(found: Events, tag: str) -> list[tuple[int, float]]:
    step, value = found.scalars[tag].points()
    return list(zip(step.tolist(), value.tolist(), strict=True))


def file_of(count: int) -> bytes:
    return b"".join(map(record, events({"a": [(step, step / 2) for step in range(count)]})))


def test_the_checksum_is_crc_32c() -> None:
    crc = 0xE3069283  # the check value of CRC-32C, of the digits 1 to 9
    assert checksum(b"123456789") == ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def test_what_torch_writes_is_what_tensorboard_reads(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(tmp_path))
    for step in range(300):
        writer.add_scalar("plain", step / 7, step * 1000)
        writer.add_scalar("new", -step / 7, step, new_style=True)
        writer.add_scalar("double", step / 3, step, double_precision=True, new_style=True)
        writer.add_histogram("weights", np.arange(step + 2), step)
    writer.add_scalar("broken", float("nan"), 1)
    writer.add_text("hyperparameters", "|param|value|\n|-|-|\n|gamma|0.9|")
    writer.close()
    path = next(tmp_path.iterdir())
    theirs = EventAccumulator(str(path), size_guidance={"scalars": 0, "tensors": 0})
    theirs.Reload()
    found, tally = taken(path.read_bytes())
    assert (tally.all_notes(), found.unreadable) == ((), 0)
    assert sorted(found.scalars) == ["broken", "double", "new", "plain"]
    assert points(found, "plain") == [(one.step, one.value) for one in theirs.Scalars("plain")]
    assert [value for _, value in points(found, "new")] == pytest.approx([-step / 7 for step in range(300)], rel=1e-6)
    assert [value for _, value in points(found, "double")] == pytest.approx([step / 3 for step in range(300)], rel=1e-6)
    assert np.isnan(found.scalars["broken"].points()[1]).all()
    assert found.texts == {"hyperparameters/text_summary": "|param|value|\n|-|-|\n|gamma|0.9|"}


def test_tensors_of_one_number_are_scalars() -> None:
    content = b"\x08\x01" + nested(4, struct.pack("<f", 2.5))
    many = b"\x08\x01" + nested(4, struct.pack("<2f", 1, 2))
    found, _ = taken(record(event(3, tensor("one", content))) + record(event(3, tensor("many", many))))
    assert points(found, "one") == [(3, 2.5)]
    assert "many" not in found.scalars


def test_several_values_in_one_event_and_steps_below_zero() -> None:
    found, _ = taken(record(event(-5, scalar("a", 1), scalar("b", 2))) + record(event(7, scalar("a", 3))))
    assert (points(found, "a"), points(found, "b")) == ([(-5, 1.0), (7, 3.0)], [(-5, 2.0)])


def test_a_file_cut_off_gives_what_is_whole() -> None:
    whole = file_of(10)
    found, tally = taken(whole[:-3])
    assert len(found.scalars["a"].step) == 9
    assert tally.all_notes() == ("cut off in record 11; the trainer may be rewriting it",)
    assert tally.skipped == 1


def test_a_flipped_value_is_left_out() -> None:
    data = bytearray(file_of(10))
    data[-6] ^= 0x40
    found, tally = taken(bytes(data))
    assert points(found, "a") == [(step, step / 2) for step in range(9)]
    assert tally.all_notes() == ("1 unreadable record(s) skipped, the first is record 11",)


def test_a_broken_length_costs_one_record() -> None:
    data = bytearray(file_of(10))
    data[len(record(next(iter(events({})))))] ^= 1
    found, tally = taken(bytes(data))
    assert points(found, "a") == [(step, step / 2) for step in range(1, 10)]
    assert tally.unreadable == 1


def test_garbage_between_records_is_stepped_over() -> None:
    found, tally = taken(file_of(3) + b"\x00garbage\xff" * 50 + file_of(4))
    assert len(found.scalars["a"].step) == 7
    assert tally.unreadable == 1


def test_a_file_of_garbage_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_records, "BLOCK_BYTES", 64)
    _, tally = taken(b"\xff" * 64 * 30)
    assert "more than 20 damaged places: the rest was not read" in tally.all_notes()


def test_blocks_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 13, 70):
        monkeypatch.setattr(event_records, "BLOCK_BYTES", size)
        assert points(taken(file_of(9))[0], "a") == [(step, step / 2) for step in range(9)]


def test_a_huge_record_is_stepped_over_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_records, "LONGEST_RECORD_BYTES", 100)
    huge = record(event(0, nested(1, b"image") + nested(4, b"x" * 4000)))
    monkeypatch.setattr(event_records, "BLOCK_BYTES", 512)
    assert points(taken(file_of(2) + huge + file_of(2))[0], "a") == [(0, 0.0), (1, 0.5)] * 2
    assert "cut off" in taken(file_of(2) + huge[:-9])[1].all_notes()[0]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_fault(data: bytes) -> None:
    taken(data)
    found = Events()
    found.add([data])


@given(st.integers(0, 599), st.integers(1, 255))
def test_one_damaged_byte_costs_at_most_one_record(place: int, flip: int) -> None:
    data = bytearray(file_of(12))
    data[place % len(data)] ^= flip
    found, tally = taken(bytes(data))
    kept = points(found, "a") if "a" in found.scalars else []
    assert set(kept) <= {(step, step / 2) for step in range(12)}
    assert len(kept) >= 11
    assert tally.all_notes()


def test_points_without_end_are_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_values, "MOST_POINTS", 8)
    found, _ = taken(file_of(40))
    assert points(found, "a") == [(step, step / 2) for step in range(0, 40, 8)]
    assert found.scalars["a"].stride == 8


def test_tags_without_end_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_values, "MOST_TAGS", 2)
    found, _ = taken(b"".join(record(event(0, scalar(tag, 1))) for tag in "abcd"))
    assert (sorted(found.scalars), found.ignored_tags) == (["a", "b"], 2)


def test_a_point_belongs_to_the_update_that_ends_next(tmp_path: Path) -> None:
    path = write_events(
        tmp_path,
        {
            "losses/value_loss": [(128, 4.0), (256, 2.0)],
            "losses/policy_loss": [(128, 0.1), (256, 0.2)],
            "charts/episodic_return": [(20, 10.0), (90, 20.0), (128, 30.0), (129, 50.0)],
        },
    )
    part = read(path)
    assert part.framework == "cleanrl"
    assert part.curves["reward_mean"].step.tolist() == [0, 1]
    assert part.curves["reward_mean"].value.tolist() == [20.0, 50.0]
    assert part.curves["timesteps"].value.tolist() == [128.0, 256.0]


def test_nan_is_broken_and_an_unknown_tag_keeps_its_name(tmp_path: Path) -> None:
    scalars = {"Loss/value": [(0, 1.0), (1, float("nan"))], "Loss/surrogate": TWO, "My/own": TWO}
    curves = read(write_events(tmp_path, scalars)).curves
    assert curves["value_loss"].broken.tolist() == [1]
    assert curves["My/own"].value.tolist() == [1.0, 2.0]


def test_files_of_one_directory_are_sessions_in_the_order_of_their_times(tmp_path: Path) -> None:
    later = [(10, 3.0), (11, 4.0)]
    write_events(tmp_path, {"Loss/value": later, "Loss/surrogate": later}, time=1700000500)
    write_events(tmp_path, {"Loss/value": TWO, "Loss/surrogate": TWO}, time=1700000001)
    write_events(tmp_path, {}, time=1600000000)
    run = read_run(tmp_path)
    assert run.curves["value_loss"].step.tolist() == [0, 1, 10, 11]
    assert run.sessions == (10,)
    assert [len(one.notes) for one in run.inputs] == [2, 0, 0]
    named = read_run(tmp_path / "events.out.tfevents.1700000001.host.1.0")
    assert named.curves["value_loss"].step.tolist() == [0, 1]


def test_a_session_that_counts_from_the_start_again_follows(tmp_path: Path) -> None:
    paths = [write_events(tmp_path, {"Loss/value": TWO, "Loss/surrogate": TWO}, time=time) for time in (200, 100)]
    part = read_together(paths)[0]
    assert part.curves["value_loss"].step.tolist() == [0, 1, 2, 3]
    assert part.sessions == (2,)


def test_runs_that_wrote_at_the_same_time_are_not_mixed(tmp_path: Path) -> None:
    scalars = {"Loss/value": [(step, 1.0) for step in range(50)], "Loss/surrogate": [(step, 1.0) for step in range(50)]}
    first, second = (write_events(tmp_path, scalars, time=time) for time in (1700000000, 1700000030))
    run = read_run(tmp_path)
    assert len(run.curves["value_loss"]) == 50
    assert run.sessions == ()
    assert run.inputs[1].notes[0].startswith(f"listed, not mixed: another run, of the same time as {first.name}")
    assert len(read_run(second).curves["value_loss"]) == 50


def test_a_second_writer_of_the_same_run_is_part_of_it(tmp_path: Path) -> None:
    write_events(tmp_path, {"Loss/value": TWO, "Loss/surrogate": TWO}, time=1700000000)
    write_events(tmp_path, {"Train/mean_reward": TWO}, time=1700000001)
    run = read_run(tmp_path)
    assert run.curves["reward_mean"].step.tolist() == run.curves["value_loss"].step.tolist() == [0, 1]
    assert run.sessions == ()


def test_an_only_subdirectory_with_events_is_the_run_and_several_are_listed(tmp_path: Path) -> None:
    from rundoctor.errors import NotARun

    scalars = {"time/fps": TWO, "rollout/ep_rew_mean": TWO}
    write_events(tmp_path / "PPO_1", scalars)
    assert read_run(tmp_path).curves["reward_mean"].step.tolist() == [1, 2]
    write_events(tmp_path / "PPO_2", scalars)
    with pytest.raises(NotARun) as caught:
        read_run(tmp_path)
    assert "PPO_1, PPO_2" in str(caught.value)
