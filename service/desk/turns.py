"""Whose turn it is: which case comes before and after one, and which opens after a ruling."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from service.store.audit import Actor
from service.store.cases import CLAIM_TERM, Case, claim_case
from service.store.database import Database
from service.store.deciding import unsure_of
from service.store.queue import Filters, Place, Viewer, case_before, queue_page

# So many cases are looked through for one that is free and not one's own to leave to others.
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cases before and after one in the queue; None at its ends."""

    before: int | None
    after: int | None


def neighbours(connection: Connection, case: Case, filters: Filters, viewer: Viewer) -> Neighbours:
    """Find the cases around one, in the order of the queue with these filters."""
    here = Place(case.band, case.id)
    page = queue_page(connection, filters, viewer, 1, here)
    return Neighbours(
        case_before(connection, filters, viewer, here), page.cases[0].id if page.cases else None
    )


def take_turn(db: Database, here: Place, filters: Filters, actor: Actor) -> int | None:
    """Claim the next case that nobody else works on, or from the start where none is left.

    Cases that this person left to a second opinion are passed over. None where nothing waits.
    """
    viewer, asked = Viewer(actor.name, actor.at), replace(filters, closed=False)
    with db.read() as connection:
        left = unsure_of(connection, actor.name)
        waiting = [
            case.id
            for after in (here, None)
            for case in queue_page(connection, asked, viewer, _LOOKED_AT, after).cases
            if case.holder(actor.at) in {None, actor.name}
            if case.id not in left and case.id != here.case_id
        ]
    return next((each for each in waiting if claim_case(db, each, actor, CLAIM_TERM)), None)
