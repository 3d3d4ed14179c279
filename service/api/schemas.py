"""The shapes of the API's requests and answers; the OpenAPI document is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from model.verdict import EvidenceKind, Lure, VerdictName
from service.rulings import Ruling, Scope
from service.store.reports import Says
from service.store.webhooks import EVENTS, Event
from service.verdict_json import VerdictSource

LONGEST_WAIT = 20.0
DEFAULT_WAIT = 10.0
LARGEST_BATCH = 100
LARGEST_LOOKUP = 500
LARGEST_FIND = 1_000


class _In(BaseModel):
    """A request; a name it does not know is an error, since a typing error would go unseen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("it holds a NUL character: leave it out")
    return text


Wait = Annotated[float, Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)]
Prefix = Annotated[str, StringConstraints(pattern="^[0-9a-f]{8}$")]
Note = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_without_nul)]


class CheckIn(_In):
    """One address to check."""

    url: str
    wait: Wait = Field(DEFAULT_WAIT, description="How long to wait for the verdict, in seconds.")
    fresh: bool = Field(False, description="Fetch the page though a verdict may be known.")


class BatchIn(_In):
    """Many addresses to check."""

    urls: list[str] = Field(min_length=1, max_length=LARGEST_BATCH)
    wait: Wait = Field(DEFAULT_WAIT, description="How long to wait for all, in seconds.")


class LookupIn(_In):
    """Many addresses to look up."""

    urls: list[str] = Field(min_length=1, max_length=LARGEST_LOOKUP)


class LookupQuery(BaseModel):
    """One address to look up."""

    url: str


class PrefixesQuery(BaseModel):
    """Which version of the prefix list the caller has."""

    since: int | None = Field(None, ge=0, le=2**63 - 1, description="A version that came before.")


class PrefixesFindIn(_In):
    """Prefixes of SHA-256 hashes of URL expressions, as eight hexadecimal digits."""

    prefixes: list[Prefix] = Field(min_length=1, max_length=LARGEST_FIND)


class JudgeIn(_In):
    """A page that the caller has: exactly one of ``html`` and ``text``."""

    html: str | None = Field(None, description="The page's markup.")
    text: str | None = Field(None, description="What a reader sees, without markup.")
    url: str | None = Field(None, description="The page's address, if it has one.")


class DecisionIn(_In):
    """A moderator's ruling."""

    url: str
    ruling: Ruling
    scope: Scope
    note: Note | None = None


class ReportIn(_In):
    """What the caller says of an address."""

    url: str
    says: Says
    comment: Note | None = None


class ReportsQuery(BaseModel):
    """Where a list of reports begins."""

    after: int = Field(0, ge=0, le=2**63 - 1, description="The last id of the page before.")


class WebhookIn(_In):
    """Who wants to be told, and of what."""

    url: str
    events: list[Event] = Field(
        default=list(EVENTS), min_length=1, max_length=len(EVENTS), description="Of what."
    )


class _Out(BaseModel):
    """An answer, which has exactly the names it says."""

    model_config = ConfigDict(extra="forbid")


class ReasonOut(_Out):
    """A named signal; ``weight`` is its share of the raw score, positive for bait."""

    code: str
    text: str
    weight: float


class EvidenceOut(_Out):
    """Words or a link of the page; ``start`` and ``end`` index its visible text."""

    kind: EvidenceKind
    quote: str
    href: str | None
    start: int | None
    end: int | None


class RedirectOut(_Out):
    """One hop on the way to the page."""

    url: str
    status: int


class CounterfactualOut(_Out):
    """The same page judged without its quoted evidence."""

    score: float
    verdict: VerdictName


class BecauseOut(_Out):
    """Why there is no judgement."""

    code: str
    text: str


class ModelOut(_Out):
    """The artefact that judged."""

    version: str
    digest: str


class StandingOut(_Out):
    """The decision that counts for the address."""

    ruling: Ruling
    by: str
    at: datetime
    note: str | None


class VerdictOut(_Out):
    """The answer about one address or page."""

    url: str | None
    canonical_url: str | None
    final_url: str | None
    verdict: VerdictName
    score: float | None = Field(description="Calibrated probability of bait.")
    lure: Lure | None
    reasons: list[ReasonOut]
    evidence: list[EvidenceOut]
    without_evidence: CounterfactualOut | None
    unknown_because: BecauseOut | None
    redirects: list[RedirectOut]
    model: ModelOut
    checked_at: datetime
    expires_at: datetime | None
    source: VerdictSource
    decision: StandingOut | None


class ScanOut(_Out):
    """A scan; ``verdict`` is there once it is done."""

    scan: str
    status: Literal["queued", "running", "done"]
    url: str
    created_at: datetime
    verdict: VerdictOut | None


class BatchOut(_Out):
    """A verdict, or a scan that is not done yet, for each address in order."""

    results: list[VerdictOut | ScanOut]


class LookupOut(_Out):
    """A verdict for each address in order."""

    results: list[VerdictOut]


class MatchOut(_Out):
    """What stands behind a full hash; ``verdict`` is null where moderators leave the machine's."""

    hash: str = Field(description="SHA-256 of a URL expression, in hexadecimal digits.")
    kind: Literal["decision", "verdict"]
    scope: Scope
    verdict: VerdictName | None
    score: float | None = Field(description="The machine's, where the verdict is.")
    expires_at: datetime


class PrefixesFindOut(_Out):
    """What stands behind prefixes; ``negative_life`` is how long nothing stays nothing."""

    matches: list[MatchOut]
    version: int
    negative_life: int = Field(description="In seconds.")


class DecisionOut(_Out):
    """A decision as it was recorded; ``expression`` is what it covers."""

    id: int
    url: str
    scope: Scope
    expression: str
    ruling: Ruling
    note: str | None
    by: str
    at: datetime


class ReportOut(_Out):
    """A report as it was recorded; ``by`` is the name of the key it came with."""

    id: int
    url: str
    says: Says
    comment: str | None
    by: str
    at: datetime


class ReportsOut(_Out):
    """Reports that wait for a moderator, oldest first."""

    reports: list[ReportOut]


class WebhookOut(_Out):
    """A webhook; ``waiting`` is how many events it is still to be told of."""

    id: int
    url: str
    events: list[Event]
    by: str
    created_at: datetime
    waiting: int


class NewWebhookOut(WebhookOut):
    """A webhook as it was made, with the secret that signs what it is told."""

    secret: str


class WebhooksOut(_Out):
    """The webhooks, oldest first."""

    webhooks: list[WebhookOut]


class DeliveryOut(_Out):
    """An event that could not be delivered; ``subject`` is the id of its scan or decision."""

    id: str
    event: Event
    subject: str
    tries: int
    because: str | None
    created_at: datetime


class DeadOut(_Out):
    """What a webhook was never told, oldest first."""

    dead: list[DeliveryOut]


class RetriedOut(_Out):
    """How many events will be tried again."""

    retried: int


class ProblemOut(_Out):
    """An error (RFC 9457); ``code`` is stable, ``detail`` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = Field(
        None, description="Each `field` that is not as it must be, with its `problem`."
    )


class HealthOut(_Out):
    """That the service is alive."""

    status: Literal["ok"]


class ReadyOut(_Out):
    """That requests can be served, and by which model."""

    status: Literal["ok"]
    model: ModelOut
