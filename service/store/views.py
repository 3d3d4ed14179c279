"""Saved views: filters of the queue that somebody gave a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from service.errors import InvalidRequestError, NotFoundError
from service.store.case_tables import SAVED_VIEWS
from service.store.database import Database

MOST_VIEWS = 50
LONGEST_NAME = 64
_LONGEST_QUERY = 2_000


@dataclass(frozen=True, slots=True)
class View:
    """One account's view; ``query`` is the queue's query string."""

    id: int
    name: str
    query: str


def views_of(db: Database, account_id: int) -> list[View]:
    """List an account's views by name."""
    query = select(*SAVED_VIEWS.c["id", "name", "query"]).where(
        SAVED_VIEWS.c.account_id == account_id
    )
    with db.read() as connection:
        return [View(*row) for row in connection.execute(query.order_by(SAVED_VIEWS.c.name))]


def save_view(db: Database, account_id: int, name: str, query: str) -> None:
    """Keep a view under a name, in the place of the one that had it.

    Raises InvalidRequestError for a name or a query that is too long, or one view too many.
    """
    if not 0 < len(name) <= LONGEST_NAME or len(query) > _LONGEST_QUERY:
        raise InvalidRequestError(
            "A view has a name of 1 to %(longest)s characters.", longest=LONGEST_NAME
        )
    own = SAVED_VIEWS.c.account_id == account_id
    with db.write() as connection:
        connection.execute(delete(SAVED_VIEWS).where(own, SAVED_VIEWS.c.name == name))
        count = connection.execute(select(func.count()).select_from(SAVED_VIEWS).where(own))
        if count.scalar_one() >= MOST_VIEWS:
            raise InvalidRequestError(
                "%(most)s views are the most: delete one first.", most=MOST_VIEWS
            )
        connection.execute(
            insert(SAVED_VIEWS).values(account_id=account_id, name=name, query=query)
        )


def delete_view(db: Database, account_id: int, view_id: int) -> None:
    """Forget a view. Raises NotFoundError where the account has none of this id."""
    with db.write() as connection:
        deleted = connection.execute(
            delete(SAVED_VIEWS).where(
                SAVED_VIEWS.c.id == view_id, SAVED_VIEWS.c.account_id == account_id
            )
        )
        if not deleted.rowcount:
            raise NotFoundError("You have no view with this number.")
