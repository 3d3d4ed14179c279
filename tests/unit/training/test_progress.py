from __future__ import annotations

import io

import pytest
from rich.console import Console

from training.progress import Step, counted, steps


class Clock:
    """A clock that goes on by ``each`` seconds whenever it is looked at."""

    def __init__(self, each):
        self.now, self.each = 0.0, each

    def __call__(self):
        self.now += self.each
        return self.now


def written(tell, *, each=0.0, terminal=False):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=60)
    with steps(console, Clock(each)) as progress:
        tell(progress)
    return stream.getvalue()


def test_a_count_is_told_in_words_and_in_numbers():
    step = Step.of("reading", 1_200, 4_000)
    assert step == "reading: 1,200 of 4,000"
    assert (step.name, step.done, step.total) == ("reading", 1_200, 4_000)
    assert Step.of("reading", 7, None) == "reading: 7"


def test_items_are_handed_on_and_counted_at_both_ends():
    told = []
    assert list(counted("abc", "reading", told.append, total=3, clock=Clock(0))) == list("abc")
    assert told == ["reading: 0 of 3", "reading: 3 of 3"]


def test_between_the_ends_the_count_is_told_from_time_to_time():
    told = []
    list(counted(range(6), "reading", told.append, clock=Clock(0.26)))
    assert told == ["reading: 0", "reading: 2", "reading: 4", "reading: 6", "reading: 6 of 6"]


def test_items_are_not_taken_before_they_are_wanted():
    items = iter("abc")
    watched = counted(items, "reading", lambda step: None)
    assert next(watched) == "a"
    assert next(items) == "b"


def test_elsewhere_each_step_is_a_line_with_its_time():
    def tell(progress):
        progress("reading [bold]closely[/bold] :smile: " + "x" * 100)
        progress("fitting")

    first, second = written(tell, each=2).splitlines()
    assert first.endswith("x" * 100)
    assert "reading [bold]closely[/bold] :smile:" in first
    assert second.startswith("[")
    assert second.endswith("s] fitting")


@pytest.mark.parametrize(("each", "lines"), [(0.0, 2), (2.0, 6)])
def test_elsewhere_counts_are_written_seldom(each, lines):
    def tell(progress):
        for done in range(21):
            progress(Step.of("reading", done, 20))

    shown = written(tell, each=each).splitlines()
    assert len(shown) == lines
    assert shown[0].endswith("reading: 0 of 20")
    assert shown[-1].endswith("reading: 20 of 20")


def test_where_a_person_looks_on_a_live_line_has_a_bar_and_is_gone_at_the_end():
    def tell(progress):
        progress("begin [x]")
        progress(Step.of("reading", 1, 2))
        progress(Step.of("reading", 2, 2))
        progress("end")

    shown = written(tell, terminal=True)
    assert "begin [x]" in shown
    assert "━" in shown
    assert shown.endswith("\x1b[2K")  # the line is cleared
    assert "reading: 2 of 2\n" not in shown
