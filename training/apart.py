"""Pages that are kept apart: nothing that is of their kind is learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from model.url import InvalidUrl, canonicalize_url, registrable_domain
from training.duplicates import KeptPages

if TYPE_CHECKING:
    from training.corpus import LabelledPage


def apart_from(
    pages: Sequence[LabelledPage], apart: Sequence[LabelledPage], dropped: Counter[str]
) -> list[LabelledPage]:
    """Drop the pages of the campaigns, the sites or the words of pages that are kept apart."""
    if not apart:
        return list(pages)
    groups = {page.saved.group for page in apart if page.saved.group}
    sites = {site for page in apart if (site := _site(page))}
    texts = KeptPages()
    for page in apart:
        texts.keep("", page.document.text, page.saved.page.body)
    rest = [
        page
        for page in pages
        if page.saved.group not in groups
        and _site(page) not in sites
        and not texts.find("", page.document.text, page.saved.page.body)
    ]
    if len(rest) < len(pages):
        dropped["kept apart as guard pages"] += len(pages) - len(rest)
    return rest


def _site(page: LabelledPage) -> str | None:
    try:
        return registrable_domain(canonicalize_url(page.saved.page.url or "").host)
    except InvalidUrl:
        return None
