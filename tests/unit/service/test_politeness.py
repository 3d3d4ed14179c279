"""Turns: pages of one site are asked for one after another, with a pause, and no others wait."""

import threading
import time
from datetime import timedelta

import pytest

from model.url import canonicalize_url
from service.politeness import Pace, Turns, site_of_url


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://a.b.example.co.uk/x", "example.co.uk"),
        ("https://one.github.io/", "one.github.io"),
        ("http://192.0.2.7:8080/", "192.0.2.7"),
    ],
)
def test_the_site_of_a_url(url, site):
    assert site_of_url(canonicalize_url(url)) == site


def test_two_starts_on_one_site_are_a_pause_apart_and_other_sites_do_not_wait():
    turns = Turns(Pace(5, timedelta(seconds=0.2)))
    began = time.monotonic()
    with turns.of("a.example"), turns.of("b.example"):
        others = time.monotonic() - began
        with turns.of("a.example"):
            assert time.monotonic() - began >= 0.2
    assert others < 0.2


def test_no_more_than_so_many_at_once_on_one_site():
    turns = Turns(Pace(2, timedelta()))
    lock = threading.Lock()
    running = 0
    most = []

    def fetch():
        nonlocal running
        with turns.of("a.example"):
            with lock:
                running += 1
                most.append(running)
            time.sleep(0.01)
            with lock:
                running -= 1

    threads = [threading.Thread(target=fetch) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(most) == 12
    assert max(most) == 2


def test_a_fetch_that_fails_gives_its_turn_back():
    turns = Turns(Pace(1, timedelta()))
    for _ in range(2):
        with pytest.raises(OSError, match="lost"), turns.of("a.example"):
            raise OSError("lost")
