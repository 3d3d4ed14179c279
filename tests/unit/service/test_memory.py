"""What a process remembers of the store, and how soon it forgets it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from model.url import canonicalize_url
from model.verdict import ModelId, Verdict
from service.finding import Finding
from service.memory import LOOK_EVERY, Memory
from service.store.audit import Actor
from service.store.database import Database
from service.store.decisions import record_decision, revoke_decision
from service.store.keys import create_key, every_key, revoke_key
from service.store.verdicts import save_finding

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ACTOR = Actor("tests", NOW)
URL = canonicalize_url("https://films.example/lighthouse")


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Processes:
    """Two processes of one database: what is written there, what is remembered here."""

    here: Database
    there: Database
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.memory = Memory(self.here, self.clock)

    def pass_time(self) -> None:
        self.clock.seconds += LOOK_EVERY

    def decision(self):
        (known,) = self.memory.known([URL])
        return known.decision


@pytest.fixture
def processes(tmp_path) -> Iterator[Processes]:
    here, there = Database(tmp_path / "b.sqlite3"), Database(tmp_path / "b.sqlite3")
    here.upgrade()
    yield Processes(here, there)
    here.close()
    there.close()


def decide(db, ruling="bait"):
    return record_decision(db, URL, ruling, "host", None, ACTOR)


def find(db, score):
    verdict = Verdict("bait", score, ModelId("m", "d"))
    finding = Finding(verdict, URL.href, (), None, NOW, NOW + timedelta(days=1))
    with db.write() as connection:
        save_finding(connection, URL.href, finding, None)


def test_looking_is_sooner_than_the_second_that_is_promised():
    assert LOOK_EVERY <= 0.5


def test_a_decision_of_this_process_counts_at_once(processes):
    assert processes.decision() is None
    made = decide(processes.here)
    assert processes.decision().id == made.id
    revoke_decision(processes.here, made.id, ACTOR)
    assert processes.decision() is None


def test_a_decision_of_another_process_counts_after_the_next_look(processes):
    assert processes.decision() is None
    made = decide(processes.there)
    assert processes.decision() is None
    processes.pass_time()
    assert processes.decision().id == made.id
    revoke_decision(processes.there, made.id, ACTOR)
    processes.pass_time()
    assert processes.decision() is None


@pytest.mark.parametrize("where", ["here", "there"])
def test_a_newer_verdict_takes_the_place_of_the_remembered_one(processes, where):
    find(processes.here, 0.9)
    assert processes.memory.known([URL])[0].finding.verdict.score == 0.9
    find(getattr(processes, where), 0.8)
    if where == "there":
        processes.pass_time()
    assert processes.memory.known([URL])[0].finding.verdict.score == 0.8


def test_very_many_new_verdicts_make_it_forget_them_all(processes):
    assert processes.memory.known([URL])[0].finding is None
    finding = Finding(
        Verdict("clean", 0.1, ModelId("m", "d")), None, (), None, NOW, NOW + timedelta(days=1)
    )
    with processes.there.write() as connection:
        save_finding(connection, URL.href, finding, None)
        for number in range(1_100):
            save_finding(connection, f"https://a.example/{number}", finding, None)
    processes.pass_time()
    assert processes.memory.known([URL])[0].finding.verdict.score == 0.1


def test_what_is_remembered_asks_no_database(processes):
    find(processes.here, 0.9)
    with processes.here.write() as connection:
        token = create_key(connection, "k", ["lookup"], ACTOR)
    first = processes.memory.known([URL])[0], processes.memory.key(token)
    processes.here.close()
    processes.here.read = None  # whoever asks now breaks
    assert (processes.memory.known([URL])[0], processes.memory.key(token)) == first


@pytest.mark.parametrize("where", ["here", "there"])
def test_a_revoked_key_is_none_at_once_here_and_after_a_look_elsewhere(processes, where):
    with processes.here.write() as connection:
        token = create_key(connection, "k", ["lookup"], ACTOR)
    assert processes.memory.key(token).scopes == {"lookup"}
    revoke_key(getattr(processes, where), every_key(processes.here)[0].prefix, ACTOR)
    if where == "there":
        processes.pass_time()
    assert processes.memory.key(token) is None


def test_a_remembered_key_with_another_secret_is_none(processes):
    with processes.here.write() as connection:
        token = create_key(connection, "k", ["lookup"], ACTOR)
    assert processes.memory.key(token) is not None
    assert processes.memory.key(token[:-1] + ("a" if token[-1] != "a" else "b")) is None


def test_urls_come_back_in_their_order_and_as_often_as_asked(processes):
    other = canonicalize_url("https://b.example/")
    found = processes.memory.known([URL, other, URL])
    assert [known.url.href for known in found] == [URL.href, other.href, URL.href]
