"""The broker between web processes and Celery's workers: how it is spoken to by both.

A message is the id of a scan. A worker takes it back to the broker if it dies over it; a message
that is lost, or comes twice, costs nothing, since the table says which scans wait and who runs one.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from service.engines.runner import longest_scan
from service.errors import ServiceError
from service.settings import Settings

# What whoever watches is told.
NO_BROKER = "The broker does not answer."

SCAN_TASK = "baitwatch.scan"
QUEUE = "baitwatch.scans"

# What a worker's process needs beside its scan, before it is killed; in seconds.
_MARGIN = 15.0
# How long anybody waits for the broker itself.
_PATIENCE = 5.0


class BrokerAwayError(ServiceError):
    """The broker cannot be reached at this moment."""


def time_limit(settings: Settings) -> float:
    """Say after how many seconds the process of a task is killed."""
    return longest_scan(settings) + _MARGIN


def make_broker(settings: Settings) -> Celery:
    """Make the Celery application that both sides use; nothing is connected yet."""
    url = settings.broker_url.get_secret_value() if settings.broker_url else ""
    broker = Celery("baitwatch", broker=url, set_as_current=False)
    broker.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_default_queue=QUEUE,
        # A message is done with when its scan is saved, and goes back when its process died.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_acks_on_failure_or_timeout=False,
        task_time_limit=time_limit(settings),
        task_publish_retry=False,
        broker_transport_options=_transport(url, settings),
        broker_connection_timeout=_PATIENCE,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # One message a process: what waits, waits where any worker may take it.
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
    )
    return broker


def _transport(url: str, settings: Settings) -> dict[str, Any]:
    if not url.startswith(("redis", "rediss")):
        return {"confirm_publish": True}
    return {
        # Above the time limit, else a message would be given to a second worker while it is run.
        "visibility_timeout": 2 * time_limit(settings),
        "socket_timeout": _PATIENCE,
        "socket_connect_timeout": _PATIENCE,
        "retry_on_timeout": False,
    }


def announce(broker: Celery, ids: list[str]) -> None:
    """Give ids of scans to the broker. Raises BrokerAwayError; some may have been given by then."""
    try:
        with broker.producer_or_acquire() as producer:
            for scan_id in ids:
                broker.send_task(SCAN_TASK, (scan_id,), producer=producer, retry=False)
    except (OperationalError, OSError) as error:
        raise BrokerAwayError(str(error)) from error


def nothing_waits(broker: Celery) -> bool:
    """Say whether the broker holds no message for a worker. Raises BrokerAwayError."""
    try:
        with broker.connection_or_acquire() as connection:
            try:
                told = connection.default_channel.queue_declare(queue=QUEUE, passive=True)
            except connection.channel_errors:
                return True  # a queue that was never used, or was lost with its broker
            except connection.connection_errors as error:
                raise BrokerAwayError(str(error)) from error
            return not told.message_count
    except (OperationalError, OSError) as error:
        raise BrokerAwayError(str(error)) from error
