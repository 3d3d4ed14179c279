"""Files to keep: the queue and submissions as CSV, rulings as labelled pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request

from model.saved import SavedPage, dump_saved_page
from service.desk.asked import read_filters
from service.desk.csv_out import csv_answer
from service.desk.roles import needs
from service.desk.sessions import acting
from service.desk.submitting import known_of, own_batch
from service.labels import export_labels
from service.parts import parts
from service.store.audit import record_action
from service.store.batches import batch_by_id, batch_items
from service.store.cases import Case, pages_of_cases
from service.store.database import Database
from service.store.queue import Filters, Place, Viewer, queue_page
from service.verdict_json import utc_text

_AT_ONCE = 200

_QUEUE_COLUMNS = (
    "case", "url", "verdict", "host", "title", "band", "ruling", "lure", "language", "pages",
    "asked", "reports", "disagrees", "opened_at", "closed_at",
)  # fmt: skip
_SUBMISSION_COLUMNS = ("url", "canonical_url", "state", "verdict", "ruling", "because", "case")


def add_exports(desk: Blueprint) -> None:
    """Give the desk its files to keep."""
    desk.add_url_rule("/export/queue.csv", "export_queue", export_queue)
    desk.add_url_rule(
        "/export/submissions/<int(max=2147483647):batch_id>.csv", "export_batch", export_batch
    )
    desk.add_url_rule("/export/labels.jsonl", "export_labels", labels)


@needs("moderator")
def export_queue() -> Response:
    """Write out the cases that are asked for, a line a page."""
    filters, viewer = read_filters(request.args), Viewer(acting().name, acting().at)
    db = parts().service.db
    _note(db, "queue")
    return csv_answer("queue.csv", _QUEUE_COLUMNS, _queue_lines(db, filters, viewer))


def _queue_lines(db: Database, filters: Filters, viewer: Viewer) -> Iterator[tuple[object, ...]]:
    after: Place | None = None
    while True:
        # A read that lasted as long as the download would keep the database's log from shrinking.
        with db.read() as connection:
            found = queue_page(connection, filters, viewer, _AT_ONCE, after)
            pages = pages_of_cases(connection, [case.id for case in found.cases])
        for case in found.cases:
            for url, verdict in pages.get(case.id, ()):
                yield _queue_line(case, url, verdict)
        after = found.next
        if after is None:
            return


def _queue_line(case: Case, url: str, verdict: str) -> tuple[object, ...]:
    return (
        case.id,
        url,
        verdict,
        case.host,
        case.title,
        case.band,
        case.ruling,
        case.lure,
        case.lang,
        case.pages,
        case.reach,
        case.reports,
        "yes" if case.disagrees else "no",
        utc_text(case.opened_at),
        utc_text(case.closed_at) if case.closed_at else None,
    )


@needs("reporter")
def export_batch(batch_id: int) -> Response:
    """Write out what became of a submission's addresses, a line each."""
    db = parts().service.db
    with db.read() as connection:
        own_batch(batch_by_id(connection, batch_id))
    _note(db, f"submission {batch_id}")
    return csv_answer(f"submission-{batch_id}.csv", _SUBMISSION_COLUMNS, _batch_lines(db, batch_id))


def _batch_lines(db: Database, batch_id: int) -> Iterator[tuple[object, ...]]:
    after = -1
    while True:
        with db.read() as connection:
            items = batch_items(connection, batch_id, _AT_ONCE, after)
            known = known_of(connection, items)
        for item in items:
            found = known.get(item.canonical or "")
            verdict = found.finding.verdict if found and found.finding else None
            because = verdict.unknown_because.code if verdict and verdict.unknown_because else None
            yield (
                item.text,
                item.canonical,
                item.state,
                verdict.verdict if verdict and item.state == "done" else None,
                found.decision.ruling if found and found.decision else None,
                item.error or because,
                item.case_id,
            )
            after = item.position
        if len(items) < _AT_ONCE:
            return


@needs("lead")
def labels() -> Response:
    """Write out rulings as labelled pages, in the format that training reads."""
    db = parts().service.db
    _note(db, "labels")
    answer = Response(_label_lines(db), mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = 'attachment; filename="labels.jsonl"'
    return answer


def _label_lines(db: Database) -> Iterator[str]:
    for found in export_labels(db):
        if isinstance(found, SavedPage):
            yield dump_saved_page(found) + "\n"


def _note(db: Database, what: str) -> None:
    with db.write() as connection:
        record_action(connection, acting(), "export", what)
