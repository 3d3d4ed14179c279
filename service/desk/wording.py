"""Short words of the desk's tables, in the visitor's language."""

from __future__ import annotations

from datetime import datetime

from service.desk.language import gettext, ngettext
from service.rulings import REASONS, Ruling


def verdict_word(verdict: str) -> str:
    """Name a verdict, or what a ruling makes of it."""
    return {
        "bait": gettext("Bait"),
        "suspicious": gettext("Suspicious"),
        "clean": gettext("Nothing found"),
    }.get(verdict, gettext("Not judged"))


def ruling_word(ruling: str) -> str:
    """Name a ruling."""
    return {
        "bait": gettext("Ruled bait"),
        "not_bait": gettext("Ruled not bait"),
    }.get(ruling, gettext("Unsure"))


def lure_word(lure: str | None) -> str:
    """Name what is promised; nothing where nothing is."""
    return {
        "streaming": gettext("Streaming"),
        "live-sports": gettext("Live sports"),
        "download": gettext("Download"),
        "giveaway": gettext("Giveaway"),
        "other": gettext("Something else"),
    }.get(lure or "", "")


def band_word(band: str) -> str:
    """Say how soon somebody should look."""
    return {"now": gettext("Now"), "soon": gettext("Soon")}.get(band, gettext("Later"))


def age_word(age: str) -> str:
    """Name a filter by age."""
    return {
        "hour": gettext("Less than an hour"),
        "day": gettext("Less than a day"),
        "week": gettext("Less than a week"),
    }.get(age, gettext("More than a week"))


def held_word(held: str) -> str:
    """Name a filter by who works on a case."""
    return {"nobody": gettext("Nobody"), "me": gettext("Me")}.get(held, gettext("Somebody else"))


def since(then: datetime, now: datetime) -> str:
    """Say how long something has waited, in its largest unit."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))


def reason_words() -> dict[Ruling, list[tuple[str, str]]]:
    """List the reasons of each ruling, by their codes."""
    words = {
        "unnamed_place": gettext("It leads to a place that it does not name"),
        "false_promise": gettext("It promises what it cannot give"),
        "copied": gettext("The same text is posted in many places"),
        "imitates": gettext("It imitates a known site"),
        "own_site": gettext("It leads to its author's own site"),
        "known_place": gettext("It leads to a known service or store"),
        "open_advertising": gettext("It is advertising, and says so"),
        "warns": gettext("It quotes bait to warn of it"),
        "close_call": gettext("It could be either"),
        "foreign_language": gettext("I do not read its language"),
        "page_gone": gettext("The page is not there any more"),
        "other": gettext("Something else: see the note"),
    }
    return {ruling: [(code, words[code]) for code in codes] for ruling, codes in REASONS.items()}
