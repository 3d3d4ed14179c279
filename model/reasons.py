"""Reasons: the model's contributions as sentences for people."""

from __future__ import annotations

from model.classifier import JOINED_NAMES, VIEW_NAMES, Prediction
from model.features import FEATURES, Features
from model.verdict import Reason

_MOST = 6
_FAINTEST = 0.05  # log-odds; below it a reason would only be noise

PASSAGE_REASON = "bait_passage"
PAGE_REASON = "bait_page"
VIEW_SENTENCES = {
    PASSAGE_REASON: "A passage reads like bait: a promise, and a way to an unnamed place.",
    PAGE_REASON: "The page as a whole reads like the bait pages the model has learned from.",
}
# Every reason code there is. What can only speak for honest pages is never a reason.
REASON_SENTENCES: dict[str, str] = VIEW_SENTENCES | {
    name: feature.sentence for name, feature in FEATURES.items() if feature.sign > 0
}


def explain(prediction: Prediction, features: Features) -> tuple[Reason, ...]:
    """Return what speaks for bait, strongest first: at most six, each with its log-odds.

    A named number is a reason only where it is above zero, so that its sentence is true.
    """
    weights = dict(zip(JOINED_NAMES, prediction.contributions, strict=True))
    found = {
        PAGE_REASON: weights["page_view"],
        PASSAGE_REASON: sum(weights[name] for name in VIEW_NAMES if name != "page_view"),
    }
    for name, number in zip(FEATURES, features.numbers, strict=True):
        if number > 0 and name in REASON_SENTENCES:
            found[name] = weights[name]
    strongest = sorted(found.items(), key=lambda item: item[1], reverse=True)[:_MOST]
    return tuple(
        Reason(code, REASON_SENTENCES[code], weight)
        for code, weight in strongest
        if weight > _FAINTEST
    )
