from __future__ import annotations

import io
import os
import socket
import stat
import time
from pathlib import Path

import pytest

from model.verdict import ModelId, Verdict
from service.judging.frames import send_frame
from service.judging.inputs import MAX_INPUT_BYTES, Input, Unread, parse_input, read_inputs
from service.judging.judges import Judge
from service.judging.limits import ChildLimits
from service.judging.nursery import NEWS
from service.judging.pool import Answer, judge_inputs

MODEL = ModelId("fake", "0")
LIMITS = ChildLimits(60.0, 30, 2**28)


def load_echo():
    return Judge(lambda page: Verdict("clean", 0.0, MODEL), MODEL)


def load_liar():
    """Load a judge whose process speaks for itself, as one that a page took over could."""

    def lie(page):
        if page.body == b"deep":
            content = NEWS + b"[" * 100_000
        elif page.body == b"number":
            content = NEWS + b'{"verdict": 1}'
        else:
            return Verdict("clean", 0.0, MODEL)
        (link,) = (fd for fd in Path("/proc/self/fd").iterdir() if is_socket(int(fd.name)))
        with socket.socket(fileno=int(link.name)) as channel:
            send_frame(channel, content)
        os._exit(0)

    return Judge(lie, MODEL)


def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False


def numbered(count, taken):
    for number in range(count):
        taken.append(number)
        yield Input(f"in:{number}", "text", b"a")


def test_no_more_is_read_than_the_window_holds():
    taken = []
    outcomes = judge_inputs(numbered(500, taken), load_echo, LIMITS, jobs=1)
    first = next(outcomes)
    time.sleep(0.5)
    assert first.id == "in:0"
    assert len(taken) <= 10  # one is out, eight in the window, one waits in the feeder's hand
    assert [outcome.id for outcome in outcomes] == [f"in:{number}" for number in range(1, 500)]


def test_an_answer_goes_out_before_the_next_line_comes_in():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", buffering=0) as sender:
        outcomes = judge_inputs(read_inputs(["-"], pipe), load_echo, LIMITS, jobs=2)
        for name in ("a", "b", "c"):
            sender.write(b'{"id": "%s", "text": ""}\n' % name.encode())
            assert next(outcomes).id == name
        sender.close()
        assert list(outcomes) == []


@pytest.mark.parametrize("lie", ["deep", "number"])
def test_a_process_that_answers_nonsense_costs_only_its_page(lie):
    inputs = [Input(name, "text", name.encode()) for name in ("a", lie, "b")]
    outcomes = list(judge_inputs(iter(inputs), load_liar, LIMITS, jobs=1))
    assert [outcome.id for outcome in outcomes] == ["a", lie, "b"]
    assert outcomes[1].verdict.unknown_because.code == "crashed"


def test_a_failure_to_read_on_is_not_taken_for_the_end():
    def broken():
        yield Input("a", "text", b"a")
        raise ArithmeticError("a bug")

    with pytest.raises(ArithmeticError):
        list(judge_inputs(broken(), load_echo, LIMITS, jobs=1))


def test_what_is_unread_keeps_its_place_among_the_answers():
    inputs = [Input("a", "text", b""), Unread("b", "broken"), Input("c", "text", b"")]
    a, b, c = judge_inputs(iter(inputs), load_echo, LIMITS, jobs=2)
    assert isinstance(a, Answer)
    assert (a.id, b, c.id) == ("a", Unread("b", "broken"), "c")
    assert a.page.body == b""


def test_a_line_beyond_all_bounds_is_unread_and_the_next_one_read():
    stream = io.BytesIO(b"a" * (2 * MAX_INPUT_BYTES + 9) + b'\n{"id": "b", "text": ""}')
    first, second = read_inputs(["-"], stream)
    assert first == Unread("-:1", "larger than 64 MiB")
    assert parse_input(second).id == "b"


def test_a_file_name_that_cannot_be_one_is_unread():
    assert list(read_inputs(["a\0.html"], io.BytesIO())) == [Unread("a\0.html", "not a file name")]
