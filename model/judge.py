"""The door: one page in, one verdict out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.artifact import Artifact
from model.document import Document, parse_document
from model.evidence import quote_units, strongest_units, without_units
from model.features import FEATURES, Features, Reading, extract_features
from model.page import READABLE, Page
from model.passages import Unit
from model.reasons import explain
from model.scorer import Scored
from model.verdict import (
    Counterfactual,
    Evidence,
    Lure,
    UnknownBecause,
    Verdict,
    VerdictName,
    decide,
)

_MOST_QUOTES = 5
_MANY_PARTS = 3_000  # units, blocks and links; judging such a page anew is dear,
_FEW_QUOTES = 2  # so that it is done less often


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the document it was made from, and its features that are not zero."""

    verdict: Verdict
    document: Document
    numbers: Mapping[str, float] = field(default_factory=dict)


def judge_page(page: Page, artifact: Artifact) -> Verdict:
    """Judge one page. Never raises on account of the page: what can't be judged is ``unknown``."""
    because = _not_judged(page)
    if because is not None:
        return unknown(because, artifact)
    return _judge_read(parse_document(page), page, artifact).verdict


def read_and_judge(page: Page, artifact: Artifact) -> Judged:
    """Judge one page as ``judge_page`` does, and keep what was read, for whoever shows the page.

    A page that is not judged is read all the same.
    """
    document = parse_document(page)
    because = _not_judged(page)
    if because is not None:
        return Judged(unknown(because, artifact), document)
    return _judge_read(document, page, artifact)


def _judge_read(document: Document, page: Page, artifact: Artifact) -> Judged:
    if not document.text.strip() and not document.links:
        return Judged(unknown(UnknownBecause.of("no_text"), artifact), document)
    reading = Reading(document)
    features = extract_features(reading)
    numbers = {
        name: number for name, number in zip(FEATURES, features.numbers, strict=True) if number
    }
    return Judged(_judge_features(reading, features, page, artifact), document, numbers)


def unknown(because: UnknownBecause, artifact: Artifact) -> Verdict:
    """Make the verdict of a page that could not be judged."""
    return Verdict("unknown", None, artifact.model_id, unknown_because=because)


def _not_judged(page: Page) -> UnknownBecause | None:
    if not 200 <= page.status < 300:
        return UnknownBecause.of("http_status", f"It answered with status {page.status}.")
    if page.media_type not in READABLE or _is_binary(page.body):
        return UnknownBecause.of("not_html")
    return None


def _is_binary(body: bytes) -> bool:
    """Say whether a body is no text whatever its header claims: by the magic of common formats."""
    return body.startswith(
        (
            b"%PDF-",
            b"PK\x03\x04",
            b"\x89PNG",
            b"\xff\xd8\xff",
            b"GIF8",
            b"\x1f\x8b",
            b"MZ\x90",
            b"\x7fELF",
        )
    )


def _judge_features(
    reading: Reading, features: Features, page: Page, artifact: Artifact
) -> Verdict:
    """Score a page, name the verdict, and gather what it rests on."""
    scored = artifact.scorer.score(features)
    prediction, classifier = scored.prediction, artifact.classifier
    verdict = decide(prediction.score, artifact.thresholds)
    if verdict == "clean":
        return Verdict(verdict, prediction.score, artifact.model_id)
    evidence, counterfactual = _gather(reading, scored, artifact)
    lure: Lure = classifier.predict_lure(scored.strongest)  # type: ignore[assignment]
    return Verdict(
        verdict,
        prediction.score,
        artifact.model_id,
        lure=lure,
        reasons=explain(prediction, features),
        evidence=(*evidence, *_hops(page)),
        without_evidence=counterfactual,
    )


def _gather(
    reading: Reading, scored: Scored, artifact: Artifact
) -> tuple[list[Evidence], Counterfactual | None]:
    """Quote the strongest passages until the page without them would be clean, at most five."""
    runs: list[tuple[Unit, ...]] = []
    evidence: list[Evidence] = []
    counterfactual = None
    document = reading.document
    parts = len(reading.units) + len(document.blocks) + len(document.links)
    most = _FEW_QUOTES if parts > _MANY_PARTS else _MOST_QUOTES
    for first, last in strongest_units(reading, scored, artifact.scorer):
        run = reading.units[first : last + 1]
        quotes = quote_units(document, run)
        if not quotes:
            continue
        runs.append(run)
        evidence += quotes
        counterfactual = _judge_without(reading, runs, artifact)
        if counterfactual.verdict == "clean" or len(runs) == most:
            break
    return evidence, counterfactual


def _judge_without(
    reading: Reading, runs: list[tuple[Unit, ...]], artifact: Artifact
) -> Counterfactual:
    without = without_units(reading.document, runs)
    features = extract_features(Reading(without, reading.known_texts))
    score = artifact.scorer.score(features).prediction.score
    verdict: VerdictName = decide(score, artifact.thresholds)
    return Counterfactual(score, verdict)


def _hops(page: Page) -> list[Evidence]:
    """Quote the redirects that a page was reached through."""
    return [Evidence("redirect", hop.url, page.final_url) for hop in page.redirects]
