"""The threads that tell webhooks: whatever is due goes out, is heard, or is tried again later."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from service.errors import NotFoundError, StoreUnavailableError
from service.fetch import FetchError
from service.scan import Service
from service.store.webhooks import (
    Delivery,
    any_delivery_due,
    claim_delivery,
    delivered,
    failed,
    read_webhook,
)
from service.webhooks.letters import letter, signed_headers

_log = structlog.get_logger(__name__)

# When a failed try is followed by the next: eight tries within a day and a half.
BACK_OFF = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600)
)
POST_SECONDS = 10.0
# A try that its process did not outlive is made again after this.
_TERM = timedelta(seconds=60)
_LOOK_EVERY = 1.0  # seconds
_THREADS = 4

Post = Callable[[str, bytes, Mapping[str, str]], int]


class Postman:
    """Tells webhooks what is due; ``start`` and ``stop`` are called once each.

    ``post`` sends a body to an address, with headers, and returns a status; it raises FetchError.
    Any number of processes may have one: a delivery is claimed by one at a time.
    """

    def __init__(self, service: Service, post: Post) -> None:
        self._service = service
        self._post = post
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"postman-{number}", daemon=True)
            for number in range(_THREADS)
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Start no more tries, and let those under way end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(POST_SECONDS)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = self.tell_one()
            except StoreUnavailableError:
                worked = False
            except Exception:  # noqa: BLE001  # a dead thread would leave everybody untold
                _log.exception("postman_broke")
                worked = False
            if not worked:
                self._stopping.wait(_LOOK_EVERY)

    def tell_one(self) -> bool:
        """Make the try that is due longest; False where none is."""
        db, now = self._service.db, self._service.steps.now
        if not any_delivery_due(db, now()):
            return False
        delivery = claim_delivery(db, now(), _TERM)
        if delivery is None:
            return False
        try:
            because = self._try(delivery)
        except NotFoundError:
            because = None  # nobody is left to tell, or nothing to tell of
        if because is None:
            delivered(db, delivery.id)
        else:
            self._put_off(delivery, because)
        return True

    def _try(self, delivery: Delivery) -> str | None:
        """Make one try; return why it failed."""
        webhook = read_webhook(self._service.db, delivery.webhook_id)
        body = letter(self._service, delivery)
        now = self._service.steps.now()
        headers = signed_headers(webhook.secret, f"msg_{delivery.id}", now, body)
        try:
            status = self._post(webhook.url, body, headers)
        except FetchError as error:
            return str(error)
        return None if 200 <= status < 300 else f"It answered with status {status}."

    def _put_off(self, delivery: Delivery, because: str) -> None:
        now = self._service.steps.now()
        tries_left = delivery.tries <= len(BACK_OFF)
        again_at = now + BACK_OFF[delivery.tries - 1] if tries_left else None
        failed(self._service.db, delivery.id, because, again_at)
        event = "webhook_put_off" if tries_left else "webhook_given_up"
        _log.warning(event, webhook=delivery.webhook_id, tries=delivery.tries, because=because)
