"""The keys of the desk: what each does, and how an account binds them otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping

from service.desk.language import gettext
from service.errors import InvalidRequestError

# By the name that pages and scripts know an act by. `go` waits for a second key: the page.
DEFAULT_KEYS = {
    "next": "j",
    "previous": "k",
    "open": "o",
    "bait": "b",
    "not_bait": "n",
    "unsure": "s",
    "skip": "x",
    "claim": "c",
    "select": "v",
    "undo": "u",
    "scope_page": "1",
    "scope_prefix": "2",
    "scope_host": "3",
    "scope_campaign": "4",
    "reason": "r",
    "note": "m",
    "next_evidence": ".",
    "previous_evidence": ",",
    "go": "g",
    "search": "/",
    "help": "?",
}


def key_words() -> dict[str, str]:
    """Say what each key does, in the language of this request."""
    return {
        "next": gettext("Next case"),
        "previous": gettext("Previous case"),
        "open": gettext("Open the case"),
        "bait": gettext("Rule: bait"),
        "not_bait": gettext("Rule: not bait"),
        "unsure": gettext("Unsure: ask for a second opinion"),
        "skip": gettext("Skip"),
        "claim": gettext("Claim or release the case"),
        "select": gettext("Select the case for a ruling on many"),
        "undo": gettext("Undo the last ruling"),
        "scope_page": gettext("Rule on the pages of the case"),
        "scope_prefix": gettext("Rule on the folder"),
        "scope_host": gettext("Rule on the host"),
        "scope_campaign": gettext("Rule on the campaign"),
        "reason": gettext("Choose a reason"),
        "note": gettext("Write a note"),
        "next_evidence": gettext("Next evidence in the text"),
        "previous_evidence": gettext("Previous evidence in the text"),
        "go": gettext("Go to a page: then q, s, l, a for queue, submit, log, account"),
        "search": gettext("Search"),
        "help": gettext("Show the keys"),
    }


def keys_of(kept: str) -> dict[str, str]:
    """Return the key of every act, from what an account keeps: a JSON object of the changed."""
    changed = json.loads(kept)
    return {act: changed.get(act, key) for act, key in DEFAULT_KEYS.items()}


def keep_keys(wanted: Mapping[str, str]) -> str:
    """Write down the keys that differ from the usual.

    Raises InvalidRequestError where one is no single visible sign, or two acts share one.
    """
    keys = {act: wanted.get(act, key) for act, key in DEFAULT_KEYS.items()}
    for act, key in keys.items():
        if len(key) != 1 or not key.isprintable() or key.isspace():
            raise InvalidRequestError(
                gettext("A key is one visible sign: see “%(act)s”.", act=key_words()[act])
            )
    if len(set(keys.values())) < len(keys):
        raise InvalidRequestError(gettext("Two acts have the same key: give each its own."))
    return json.dumps({act: key for act, key in keys.items() if key != DEFAULT_KEYS[act]})
