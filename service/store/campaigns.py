"""Campaigns: which earlier case a page's content is the same as, or nearly.

A campaign is known by its oldest case: content joins it that is near that one's, so that it cannot
drift from copy to copy.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from service.sketch import NEAR, Sketch
from service.store.case_page import CasePage
from service.store.case_tables import CASE_BANDS, CASES

# Far more than share a piece by chance: only pages made to be near each other reach it.
_MOST_COMPARED = 200


def campaign_of(connection: Connection, page: CasePage) -> int | None:
    """Return the campaign that a page's content belongs to; None where there is none yet."""
    if page.fingerprint is not None:
        same = select(CASES.c.campaign).where(CASES.c.fingerprint == page.fingerprint).limit(1)
        found: int | None = connection.execute(same).scalar()
        if found is not None:
            return found
    return None if page.sketch is None else _nearest(connection, page.sketch)


def _nearest(connection: Connection, sketch: Sketch) -> int | None:
    sharing = (
        select(CASE_BANDS.c.case_id)
        .where(CASE_BANDS.c.digest.in_(sketch.bands))
        .distinct()
        .limit(_MOST_COMPARED)
    )
    rows = connection.execute(select(CASES.c.id, CASES.c.sketch).where(CASES.c.id.in_(sharing)))
    likeness = {row.id: sketch.likeness(Sketch(row.sketch)) for row in rows}
    nearest = max(likeness, key=lambda case_id: (likeness[case_id], -case_id), default=None)
    return nearest if nearest is not None and likeness[nearest] >= NEAR else None


def found_campaign(connection: Connection, case_id: int, sketch: Sketch) -> None:
    """Make a case the oldest of a new campaign: it is found by its sketch from now on."""
    connection.execute(
        insert(CASE_BANDS),
        # Two pieces of one sketch are never the same number: each is salted with its place.
        [{"digest": digest, "case_id": case_id} for digest in sketch.bands],
    )
