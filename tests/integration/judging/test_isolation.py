"""Steps taken in children: the same findings as anywhere, whatever a page does to its process."""

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from apart_steps import HOPS, MODEL, LoadLiar, LoadSteps

from benchmarks.fleet import children_of
from model.page import Page
from service.errors import BusyError
from service.isolation import isolated
from service.judging.nursery import CannotStart
from service.settings import Settings
from service.steps import ScanDiedError, Way, judge_sent, run_scan

quietly = partial(isolated, log_level=logging.CRITICAL)


@pytest.fixture(scope="module")
def apart():
    return quietly(LoadSteps(), Settings(scan_deadline=60.0, scan_memory=64 * 2**20))


def untimed(found):
    finding, reading = found
    visit = replace(finding.visit, fetch_seconds=0.0, judge_seconds=0.0)
    return replace(finding, visit=visit), reading


def test_a_scan_finds_in_a_child_what_it_finds_here(apart):
    url = "https://films.example/lighthouse"
    assert untimed(apart.scan(url)) == untimed(LoadSteps()().scan(url))
    assert apart.model() == MODEL


def test_a_page_that_is_sent_is_judged_in_a_child_as_here(apart):
    page = Page.from_html("<p>Żółw &amp; <a href=/x>𝓌ords</a>", "https://films.example/")
    assert apart.judge(page) == LoadSteps()().judge(page)


def test_a_page_that_takes_too_much_memory_is_unknown(apart):
    finding, reading = apart.scan("https://films.example/hoard")
    assert finding.verdict.unknown_because.code == "too_complex"
    assert "memory" in finding.verdict.unknown_because.text
    assert (finding.verdict.model, reading) == (MODEL, None)


def test_a_page_that_takes_too_long_is_unknown():
    hasty = quietly(LoadSteps(), Settings(scan_deadline=1.0))
    finding, _ = hasty.judge(Page.from_text("stick"))
    assert finding.verdict.unknown_because.code == "too_complex"
    assert "time" in finding.verdict.unknown_because.text


@pytest.mark.parametrize("how", ["hops-dribble", "hops-stick"])
def test_a_scan_that_is_stopped_keeps_the_redirects_that_were_seen(how):
    hasty = quietly(LoadSteps(), Settings(scan_deadline=2.0))
    url = f"https://films.example/{how}"
    finding, _ = hasty.scan(url)
    assert finding.verdict.unknown_because.code == "too_complex"
    assert (finding.final_url, finding.redirects) == (url, HOPS)
    quoted = [(e.kind, e.quote, e.href) for e in finding.verdict.evidence]
    assert quoted == [("redirect", hop.url, url) for hop in HOPS]


def test_one_that_passes_its_memory_keeps_them_too(apart):
    finding, _ = apart.scan("https://films.example/hops-hoard")
    assert (finding.verdict.unknown_because.code, finding.redirects) == ("too_complex", HOPS)


def test_one_whose_process_dies_keeps_them_too(apart):
    finding, _ = run_scan(apart, "https://films.example/hops-crash")
    assert (finding.verdict.unknown_because.code, finding.redirects) == ("crashed", HOPS)


def test_how_far_a_scan_came_is_told_as_it_goes(apart):
    url, told = "https://films.example/hops", []
    apart.scan(url, told.append)
    assert told == [Way(HOPS[1].url, HOPS[:1]), Way(url, HOPS), Way(url, HOPS, arrived=True)]


def test_a_page_that_kills_its_process_is_told_apart_for_whoever_tries_again(apart):
    with pytest.raises(ScanDiedError):
        apart.scan("https://films.example/crash")


def test_a_page_that_is_brought_under_another_s_name_is_not_kept():
    liar = quietly(LoadLiar(), Settings(scan_deadline=60.0))
    with pytest.raises(ScanDiedError):
        liar.scan("https://films.example/word")


def test_for_whoever_does_not_try_again_it_is_unknown(apart):
    for finding, _ in (
        run_scan(apart, "https://films.example/crash"),
        judge_sent(apart, Page.from_text("crash")),
    ):
        assert finding.verdict.unknown_because.code == "crashed"


def test_more_judgements_than_can_wait_are_turned_away(apart):
    outcomes = []

    def judge():
        try:
            outcomes.append(apart.judge(Page.from_text("wait"))[0].verdict.verdict)
        except BusyError:
            outcomes.append("busy")

    threads = [threading.Thread(target=judge) for _ in range(60)]
    for thread in threads:
        thread.start()
    while "busy" not in outcomes:
        threads[0].join(0.01)
    assert outcomes[0] == "busy"
    assert apart.scan("https://films.example/word")[0].verdict.verdict == "bait"
    for thread in threads:
        thread.join()
    assert {*outcomes} == {"busy", "bait"}


def test_what_keeps_a_service_from_starting_is_said():
    with pytest.raises(CannotStart, match="the model was changed"):
        quietly(LoadSteps("the model was changed"), Settings())


def test_whether_a_scan_could_begin_is_known():
    before = set(children_of(os.getpid()))
    apart = quietly(LoadSteps(), Settings())
    nursery = set(children_of(os.getpid())) - before
    for how, able in ((None, True), (signal.SIGSTOP, False), (signal.SIGCONT, True)):
        for pid in nursery if how else ():
            # Those of earlier tests, which end about now, may be among them.
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        time.sleep(1.1)  # it is asked once a second
        assert apart.able() == able
