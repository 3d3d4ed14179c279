"""Limits counted in a real Redis: shared by processes, and survived when it goes away."""

import time
from contextlib import closing

import pytest
from real_servers import running_redis
from redis import Redis, RedisError

from service.limits import RedisCounters, redis_counters


@pytest.fixture(scope="module")
def redis():
    with running_redis() as server:
        yield server


@pytest.fixture
def client(redis):
    """A client more patient than the service's own: a busy machine is no Redis that is away."""
    with closing(Redis.from_url(redis.url, socket_timeout=60)) as one:
        yield one


def test_two_processes_spend_from_one_budget(client):
    here, there = RedisCounters(client, RedisError), RedisCounters(client, RedisError)
    assert [here.spend("both", 3, 1).left, there.spend("both", 3, 1).left] == [2, 1]
    assert here.spend("both", 3, 1).taken
    assert not there.spend("both", 3, 1).taken


def test_a_refused_cost_is_given_back(client):
    counters = RedisCounters(client, RedisError)
    assert counters.spend("back", 10, 6).taken
    assert not counters.spend("back", 10, 5).taken
    assert counters.spend("back", 10, 4).taken


def test_while_redis_is_stopped_limits_hold_here_and_afterwards_there_again():
    with running_redis() as server, closing(Redis.from_url(server.url)) as client:
        counters = redis_counters(server.url)
        server.stop()
        assert counters.spend("a", 2, 2).taken  # this process begins to count
        assert not counters.spend("a", 2, 1).taken
        server.start()
        until = time.monotonic() + 60
        while not (there := counters.spend("a", 2, 1)).taken:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert there.left == 1
        assert client.keys("baitwatch:spent:a:*")
