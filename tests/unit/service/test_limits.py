"""Counting what is spent: never more than the limit in any sixty seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.limits import WINDOW, LocalCounters, RedisCounters


class Clock:
    def __init__(self, seconds=1_000_000 * WINDOW):
        self.seconds = seconds

    def __call__(self):
        return self.seconds


class FakeRedis:
    """The five commands that are used, over a dict; ``away`` makes each fail."""

    def __init__(self):
        self.values = {}
        self.away = False
        self.asked = []

    def pipeline(self, transaction):
        self.asked = []
        return self

    def incrby(self, key, by):
        self.values[key] = self.values.get(key, 0) + by
        self.asked.append(self.values[key])

    def decrby(self, key, by):
        self.values[key] -= by

    def expire(self, key, seconds):
        self.asked.append(True)

    def get(self, key):
        value = self.values.get(key)
        self.asked.append(None if value is None else str(value).encode())

    def execute(self):
        if self.away:
            raise ConnectionError
        return self.asked


def of(kind, clock):
    if kind == "local":
        return LocalCounters(clock)
    return RedisCounters(FakeRedis(), ConnectionError, clock, clock)


both = pytest.mark.parametrize("kind", ["local", "redis"])


@both
def test_what_is_left_goes_down_to_nothing_and_then_a_cost_is_refused(kind):
    counters = of(kind, Clock())
    assert [counters.spend("a", 3, 1).left for _ in range(3)] == [2, 1, 0]
    refused = counters.spend("a", 3, 1)
    assert not refused.taken
    assert refused.left == 0
    assert counters.spend("b", 3, 1).taken


@both
def test_a_refused_cost_is_not_taken(kind):
    counters = of(kind, Clock())
    counters.spend("a", 10, 6)
    assert not counters.spend("a", 10, 5).taken
    assert counters.spend("a", 10, 4).taken


@both
def test_whoever_waits_as_long_as_told_is_let_through_and_not_much_sooner(kind):
    clock = Clock()
    counters = of(kind, clock)
    clock.seconds += 42.5
    counters.spend("a", 10, 10)
    wait = counters.spend("a", 10, 3).seconds
    clock.seconds += wait - 1
    assert not counters.spend("a", 10, 3).taken
    clock.seconds += 1
    assert counters.spend("a", 10, 3).taken


@both
@given(
    steps=st.lists(st.tuples(st.floats(0, 40), st.integers(1, 20)), max_size=60),
    most=st.integers(20, 50),
)
def test_each_window_and_each_told_wait_hold(kind, steps, most):
    clock = Clock()
    counters = of(kind, clock)
    by_window = {}
    for pause, cost in steps:
        clock.seconds += pause
        told = counters.spend("a", most, cost)
        assert 0 <= told.left <= most
        assert 1 <= told.seconds <= 2 * WINDOW
        if told.taken:
            window = int(clock.seconds // WINDOW)
            by_window[window] = by_window.get(window, 0) + cost
            assert by_window[window] <= most


@both
def test_the_end_of_a_minute_does_not_give_twice_the_limit(kind):
    clock = Clock()
    counters = of(kind, clock)
    clock.seconds += WINDOW - 1
    assert counters.spend("a", 100, 100).taken
    clock.seconds += 2
    assert not counters.spend("a", 100, 2).taken


@both
def test_after_two_minutes_all_is_forgotten(kind):
    clock = Clock()
    counters = of(kind, clock)
    counters.spend("a", 5, 5)
    clock.seconds += 2 * WINDOW
    assert counters.spend("a", 5, 5).taken


def test_while_redis_is_away_this_process_counts_and_asks_again_later():
    clock, redis = Clock(), FakeRedis()
    counters = RedisCounters(redis, ConnectionError, clock, clock)
    redis.away = True
    assert counters.spend("a", 2, 1).left == 1
    redis.away = False
    assert counters.spend("a", 2, 1).left == 0  # not asked again at once
    clock.seconds += 3
    redis.values.clear()
    assert counters.spend("a", 2, 1).left == 1
