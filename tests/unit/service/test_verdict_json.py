from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from model.page import Page, Redirect
from model.verdict import (
    Counterfactual,
    Evidence,
    ModelId,
    Reason,
    UnknownBecause,
    Verdict,
)
from service.verdict_json import utc_text, verdict_object

MODEL = ModelId("1.2", "0123456789ab")
NOON = datetime(2026, 1, 2, 12, 0, 0, 250_000, tzinfo=UTC)


@dataclass(frozen=True)
class Ruled:
    ruling: str
    by: str = "mona"
    at: datetime = NOON
    note: str | None = None


def shown(verdict, *, page=None, url=None, source="scan", expires_at=None, decision=None):
    return verdict_object(
        verdict,
        page=page,
        url=url,
        checked_at=NOON,
        expires_at=expires_at,
        source=source,
        decision=decision,
    )


def test_a_full_verdict_has_every_key_of_the_contract():
    verdict = Verdict(
        "bait",
        0.97,
        MODEL,
        lure="streaming",
        reasons=(Reason("promise", "It promises a film.", 2.5),),
        evidence=(
            Evidence("text", "Watch", None, 3, 8),
            Evidence("link", "here", "https://b.example/"),
        ),
        without_evidence=Counterfactual(0.2, "clean"),
    )
    redirects = (Redirect("http://a.example/", 301),)
    page = Page("http://a.example/", "https://a.example/x", 200, {}, b"", redirects)
    answer = shown(verdict, page=page, url="HTTP://A.example", expires_at=NOON + timedelta(hours=1))
    assert json.loads(json.dumps(answer)) == {
        "url": "HTTP://A.example",
        "canonical_url": "http://a.example/",
        "final_url": "https://a.example/x",
        "verdict": "bait",
        "score": 0.97,
        "lure": "streaming",
        "reasons": [{"code": "promise", "text": "It promises a film.", "weight": 2.5}],
        "evidence": [
            {"kind": "text", "quote": "Watch", "href": None, "start": 3, "end": 8},
            {
                "kind": "link",
                "quote": "here",
                "href": "https://b.example/",
                "start": None,
                "end": None,
            },
        ],
        "without_evidence": {"score": 0.2, "verdict": "clean"},
        "unknown_because": None,
        "redirects": [{"url": "http://a.example/", "status": 301}],
        "model": {"version": "1.2", "digest": "0123456789ab"},
        "checked_at": "2026-01-02T12:00:00.250Z",
        "expires_at": "2026-01-02T13:00:00.250Z",
        "source": "scan",
        "decision": None,
    }


def test_a_verdict_about_nothing_seen_has_the_same_keys():
    full = shown(Verdict("clean", 0.1, MODEL), page=Page.from_text("a"), source="caller")
    empty = shown(Verdict("unknown", None, MODEL, unknown_because=UnknownBecause.of("not_seen")))
    assert list(empty) == list(full)
    assert empty["unknown_because"]["code"] == "not_seen"
    assert (empty["score"], empty["final_url"], empty["redirects"]) == (None, None, [])


@pytest.mark.parametrize(
    ("ruling", "verdict"), [("bait", "bait"), ("not_bait", "clean"), ("unsure", "suspicious")]
)
def test_a_ruling_overrides_the_verdict_and_leaves_the_score(ruling, verdict):
    answer = shown(Verdict("suspicious", 0.5, MODEL), decision=Ruled(ruling, note="seen before"))
    assert (answer["verdict"], answer["score"]) == (verdict, 0.5)
    assert answer["decision"] == {
        "ruling": ruling,
        "by": "mona",
        "at": "2026-01-02T12:00:00.250Z",
        "note": "seen before",
    }


def test_a_ruled_verdict_is_not_unknown_any_more():
    verdict = Verdict("unknown", None, MODEL, unknown_because=UnknownBecause.of("timeout"))
    assert shown(verdict, decision=Ruled("bait"))["unknown_because"] is None
    assert shown(verdict, decision=Ruled("unsure"))["unknown_because"]["code"] == "timeout"


def test_an_address_that_is_none_has_no_canonical_form():
    assert shown(Verdict("clean", 0.1, MODEL), url="not an address")["canonical_url"] is None


def test_times_are_told_in_utc_whatever_their_zone():
    there = timezone(timedelta(hours=2))
    assert utc_text(datetime(2026, 1, 2, 1, 0, tzinfo=there)) == "2026-01-01T23:00:00.000Z"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        utc_text(datetime(2026, 1, 2, 12, 0))  # noqa: DTZ001
