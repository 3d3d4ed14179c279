"""The queue's query string: what a visitor asks to see, read strictly and written again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, get_args
from urllib.parse import urlencode

from model.verdict import Lure, VerdictName
from service.store.case_page import storable
from service.store.queue import Age, Filters, Held, Place
from service.urgency import BANDS

VERDICTS: tuple[VerdictName, ...] = get_args(VerdictName)
LURES: tuple[Lure, ...] = get_args(Lure)
AGES: tuple[Age, ...] = get_args(Age)
HELD: tuple[Held, ...] = get_args(Held)

_LONGEST = 200
_T = TypeVar("_T", bound=str)


def read_filters(query: Mapping[str, str]) -> Filters:
    """Read filters from a query string; a value that is none of its kind filters nothing."""
    return Filters(
        words=_text(query, "q"),
        band=_one_of(BANDS, query.get("band")),
        verdict=_one_of(VERDICTS, query.get("verdict")) or "",
        lure=_one_of(LURES, query.get("lure")) or "",
        host=_text(query, "host").lower().rstrip("."),
        lang=_text(query, "lang"),
        age=_one_of(AGES, query.get("age")),
        reporter=_text(query, "reporter"),
        held=_one_of(HELD, query.get("held")),
        disagrees=bool(query.get("disagrees")),
        second_opinion=bool(query.get("second")),
        closed=query.get("state") == "closed",
    )


def write_filters(filters: Filters, after: Place | None = None) -> str:
    """Write filters as a query string, in which what filters nothing is left out."""
    named = {
        "q": filters.words,
        "band": filters.band,
        "verdict": filters.verdict,
        "lure": filters.lure,
        "host": filters.host,
        "lang": filters.lang,
        "age": filters.age,
        "reporter": filters.reporter,
        "held": filters.held,
        "disagrees": "1" if filters.disagrees else "",
        "second": "1" if filters.second_opinion else "",
        "state": "closed" if filters.closed else "",
        "after": f"{after.band}.{after.case_id}" if after else "",
    }
    return urlencode({name: value for name, value in named.items() if value})


def read_place(query: Mapping[str, str]) -> Place | None:
    """Read where a page of the queue begins; None, its start, where that cannot be read."""
    band, _, case_id = query.get("after", "").partition(".")
    known = _one_of(BANDS, band)
    if known is None or not (case_id.isascii() and case_id.isdecimal()) or len(case_id) > 18:
        return None
    return Place(known, int(case_id))


def _text(query: Mapping[str, str], name: str) -> str:
    return storable(query.get(name, "")).strip()[:_LONGEST]


def _one_of(known: tuple[_T, ...], value: str | None) -> _T | None:
    return next((one for one in known if one == value), None)
