"""Every setting of the service, read once at start-up from ``BAITWATCH_*`` variables."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, PositiveFloat, PositiveInt, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.fetch.limits import USER_AGENT
from service.fetch.policy import AddressPolicy
from service.politeness import Pace

_EXTENSION = re.compile(
    "chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def _default_data() -> Path:
    return user_data_path("baitwatch", appauthor=False)


def _address_and_port(pair: str) -> tuple[str, int]:
    host, colon, port = pair.rpartition(":")
    if not colon or not port.isdecimal():
        raise ValueError(f"{pair!r}: write a numeric address and a port, such as 10.0.0.5:9000")
    return str(ip_address(host.strip("[]"))), int(port)


class Settings(BaseSettings):
    """The service's settings, frozen; times are in seconds, sizes in bytes.

    Raises pydantic's ``ValidationError`` where a variable cannot be read.
    """

    model_config = SettingsConfigDict(env_prefix="BAITWATCH_", frozen=True, env_file=None)

    data: Path = Field(
        default_factory=_default_data,
        description="Folder of the database and the secret key.",
    )
    model: Path | None = Field(
        default=None, description="Model artefact to use instead of the shipped."
    )

    models: Path | None = Field(
        default=None, description="Folder of the models that were promoted."
    )

    public_url: str | None = Field(
        default=None,
        description="Address people reach the service by, such as https://links.example.",
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Host names the service answers to, comma-separated; "
        "without it: the host of the public URL and the loopback names.",
    )
    proxy_hops: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies in front may set X-Forwarded-* headers.",
    )
    threads: PositiveInt = Field(default=128, description="Threads that answer requests.")
    max_body: PositiveInt = Field(default=6 * 1024 * 1024, description="Largest request body.")
    limit_checks: PositiveInt = Field(
        default=12_000, description="Checks, judged pages and rulings of one API key in a minute."
    )
    limit_lookups: PositiveInt = Field(
        default=240_000, description="Addresses looked up with one API key in a minute."
    )
    limit_address: PositiveInt = Field(
        default=120_000, description="Requests from one network address in a minute."
    )
    limit_submissions: PositiveInt = Field(
        default=2_000, description="Addresses one account submits at the desk in a minute."
    )
    webhook_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Addresses off the public internet that webhooks may lead to."
    )
    redis_url: SecretStr | None = Field(
        default=None, description="Redis that counts what keys and addresses may ask for."
    )
    extension_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Browser extensions that may read the API's answers."
    )
    firefox_extensions: bool = Field(
        default=False, description="Whether every extension in Firefox may read them too."
    )

    scan_deadline: PositiveFloat = Field(
        default=15.0, description="Total time of one scan; its fetch gets four fifths of it."
    )
    scan_cpu: PositiveInt = Field(
        default=10, description="Processor time of one scan, or of one page that is sent."
    )
    scan_memory: int = Field(
        default=512 * 1024 * 1024,
        ge=64 * 1024 * 1024,
        description="Memory that one scan may take beyond the model's.",
    )
    max_page: PositiveInt = Field(
        default=2 * 1024 * 1024, description="Largest page that is read, decompressed."
    )
    max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects that are followed.")
    deny_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Hosts that are never fetched from, with all names below them."
    )
    deny_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Addresses and networks that are never fetched from."
    )
    user_agent: str = Field(
        default=USER_AGENT, description="What fetched sites are told of who asks."
    )
    site_scans: PositiveInt = Field(
        default=2, description="Pages of one site that are fetched at the same time."
    )
    site_pause: float = Field(
        default=0.5, ge=0, description="Time between the starts of two fetches from one site."
    )
    scan_workers: int = Field(
        default=8, ge=1, le=64, description="Scans that run at the same time."
    )
    queue_most: PositiveInt = Field(
        default=20_000, description="Scans that may wait; beyond them none is taken on."
    )
    scan_tries: PositiveInt = Field(
        default=3, description="Starts of a scan that dies with its process before it is given up."
    )
    stop_grace: float = Field(
        default=20.0,
        ge=0,
        description="Time that running scans get to finish when the service stops.",
    )

    life_bait: PositiveInt = Field(
        default=7 * 86_400, description="How long a bait verdict is fresh."
    )
    life_suspicious: PositiveInt = Field(default=86_400, description="The same for suspicious.")
    life_clean: PositiveInt = Field(default=6 * 3_600, description="The same for clean.")
    life_unknown: PositiveInt = Field(default=600, description="The same for unknown.")
    snapshot_life: PositiveInt = Field(
        default=30 * 86_400, description="How long a fetched page is kept."
    )
    screenshot_browser: Path | None = Field(
        default=None, description="Chromium that takes pictures of pages for moderators who ask."
    )
    screenshot_sandbox: bool = Field(
        default=True, description="Whether that Chromium runs in its own sandbox."
    )
    life_decision: PositiveInt = Field(
        default=3_600, description="How long a caller may keep an answer that a decision gave."
    )

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL database to use instead of the SQLite file in the data folder.",
    )
    engine: Literal["embedded", "celery"] = Field(
        default="embedded",
        description="Who runs the scans: threads of the service, or Celery's workers.",
    )
    broker_url: SecretStr | None = Field(
        default=None, description="The broker that Celery's workers take scans from."
    )
    busy_timeout: PositiveFloat = Field(
        default=5.0, description="How long a request waits for the database's write lock."
    )
    session_idle: PositiveInt = Field(default=8 * 3_600, description="A desk session's idle time.")
    session_max: PositiveInt = Field(default=7 * 86_400, description="A desk session's whole life.")

    @field_validator(
        "trusted_hosts",
        "deny_hosts",
        "deny_networks",
        "extension_origins",
        "webhook_allow",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(host.strip() for host in value.split(",") if host.strip())
        return value

    @field_validator("deny_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network)
        return value

    @field_validator("webhook_allow")
    @classmethod
    def _are_pairs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pair in value:
            _address_and_port(pair)
        return value

    @field_validator("extension_origins")
    @classmethod
    def _are_extensions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not _EXTENSION.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is no extension's origin: write chrome-extension:// and its 32 "
                    "letters, or moz-extension:// and its UUID, and nothing after"
                )
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write it with its scheme and host, such as https://links.example")
        return value.rstrip("/")

    @field_validator("user_agent")
    @classmethod
    def _is_a_header(cls, value: str) -> str:
        if not (0 < len(value) <= 200 and value.isascii() and value.isprintable()) or (
            value != value.strip()
        ):
            raise ValueError("write it in 1 to 200 visible ASCII characters")
        return value

    @property
    def pace(self) -> Pace:
        """How often pages of one site may be fetched."""
        return Pace(self.site_scans, timedelta(seconds=self.site_pause))

    @model_validator(mode="after")
    def _celery_has_a_broker(self) -> Self:
        if self.engine == "celery" and self.broker_url is None:
            raise ValueError("BAITWATCH_ENGINE=celery needs BAITWATCH_BROKER_URL")
        return self

    @property
    def webhook_policy(self) -> AddressPolicy:
        """Where webhooks may lead: the public internet, and the pairs that are allowed beside."""
        allow = tuple(_address_and_port(pair) for pair in self.webhook_allow)
        return AddressPolicy(allow, self.deny_hosts, self.deny_networks)

    @property
    def fetch_deadline(self) -> float:
        """What of a scan's time its fetch may take: the rest is for reading and judging."""
        return 0.8 * self.scan_deadline

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "baitwatch.sqlite3"

    @property
    def store(self) -> Path | str:
        """Where the database is: the address of the PostgreSQL, else the SQLite file."""
        return self.database if self.database_url is None else self.database_url.get_secret_value()

    @property
    def models_folder(self) -> Path:
        """Where promoted models are kept: beside the database unless set."""
        return self.models or self.data / "models"

    @property
    def https(self) -> bool:
        """Whether people reach the service by https, so that cookies may insist on it."""
        return (self.public_url or "").startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that are answered; requests to any other are refused."""
        if self.trusted_hosts:
            return self.trusted_hosts
        public = urlsplit(self.public_url or "").hostname
        return (*((public,) if public else ()), "localhost", "127.0.0.1", "[::1]")

    def verdict_life(self, verdict: str) -> timedelta:
        """Say how long a verdict of this name stays fresh."""
        seconds = {
            "bait": self.life_bait,
            "suspicious": self.life_suspicious,
            "clean": self.life_clean,
            "unknown": self.life_unknown,
        }[verdict]
        return timedelta(seconds=seconds)
