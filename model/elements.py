"""What single elements mean: anchors, scripts, frames and the head's claims.

Each ``_start_`` method is called as its element begins and returns what to call as it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from model.claims import LONGEST_CLAIMS, read_claims
from model.destinations import (
    attribute_target,
    is_script_address,
    refresh_target,
    script_targets,
)
from model.forms import FormReader
from model.sheets import is_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.parts import LinkRole
    from model.reading import Attributes, Close
    from model.stylesheet import StyleRules
    from model.textflow import Limits

_NOWHERE = frozenset(("", "#", "#!"))


class PageReader(FormReader):
    """A reader that knows HTML's elements."""

    def __init__(self, limits: Limits, rules: StyleRules) -> None:
        super().__init__(limits, rules)
        self._in_svg = False
        self.meta: list[tuple[str, str]] = []
        self.title = self.base = self.language = ""

    # Links

    def _start_a(self, attributes: Attributes) -> Close | None:
        href = attributes.get("href", attributes.get("xlink:href"))
        if href is None:
            return None
        href = href.strip()
        role: LinkRole = "text"
        if is_script_address(href):
            role = "button"
            href = next(script_targets(href), "") or attribute_target(attributes) or href
        elif href in _NOWHERE:
            role = "button"
            href = attribute_target(attributes) or "#"
        link = self.open_link(href, role, attributes)
        if "rel" in attributes:
            link.rel = tuple(attributes["rel"][:200].lower().split())
        return self.close_link

    def _start_area(self, attributes: Attributes) -> None:
        if attributes.get("href"):
            self.add_link(attributes["href"], "area", attributes)

    def _start_embedded(self, attributes: Attributes) -> Close | None:
        self._start_frame(attributes)
        return self.start_unseen("fallback")

    def _start_frame(self, attributes: Attributes) -> None:
        target = attributes.get("src") or attributes.get("data")
        if target:
            self.add_link(target, "frame", attributes)

    def _start_svg(self, _attributes: Attributes) -> Close | None:
        if self._in_svg:
            return None
        self._in_svg = True
        return self._end_svg

    def _end_svg(self) -> None:
        self._in_svg = False

    # Text that is not shown where it stands

    def _start_title(self, _attributes: Attributes) -> Close:
        self.flush()
        return self._end_title

    def _end_title(self) -> None:
        title = " ".join(self.clip(self.take()).split())
        if self._in_svg:
            if self.open_links:
                link = self.open_links[-1]
                link.label = link.label or title
        else:
            self.title = self.title or title

    def _start_script(self, attributes: Attributes) -> Close:
        self.flush()
        is_claims = attributes.get("type", "").strip().lower() == "application/ld+json"
        return self._end_claims if is_claims else self._end_script

    def _end_script(self) -> None:
        for target in script_targets(self.take()):
            self.add_link(target, "script", {})

    def _end_claims(self) -> None:
        script = self.take()
        self.cut = self.cut or len(script) > LONGEST_CLAIMS
        for name, content in read_claims(script):
            self._add_meta(name, content)

    def _start_style(self, attributes: Attributes) -> Close:
        self.flush()
        applies = is_sheet(attributes.get("media", ""), attributes.get("type", ""))
        in_template = self.hidden_because == "template"
        return self._end_style if applies and not in_template else self._drop

    def _end_style(self) -> None:
        self.sheets.append(self.take())

    def _drop(self) -> None:
        self.take()

    # The head

    def _start_html(self, attributes: Attributes) -> Close:
        language = attributes.get("lang", attributes.get("xml:lang", ""))
        self.language = language[:40].strip().lower().replace("_", "-").partition("-")[0]
        return self.start_block(attributes)

    def _start_base(self, attributes: Attributes) -> None:
        self.base = self.base or self.clip(attributes.get("href", "").strip())

    def _start_link(self, attributes: Attributes) -> None:
        if "canonical" in attributes.get("rel", "").lower().split():
            self._add_meta("canonical", attributes.get("href", "").strip())

    def _start_meta(self, attributes: Attributes) -> None:
        content = attributes.get("content", "")
        equivalent = attributes.get("http-equiv", "").strip().lower()
        if equivalent == "refresh":
            target = refresh_target(content)
            if target:
                self.add_link(target, "refresh", {})
        self._add_meta(attributes.get("property") or attributes.get("name") or equivalent, content)

    def _add_meta(self, name: str, content: str) -> None:
        content = " ".join(self.clip(content).split())
        if not name or not content:
            return
        if len(self.meta) < self.limits.meta:
            self.meta.append((name[:100].strip().lower(), content))
        else:
            self.cut = True

    meanings: ClassVar[Mapping[str, Callable[..., Close | None]]] = {
        **FormReader.meanings,
        "a": _start_a,
        "area": _start_area,
        "base": _start_base,
        "embed": _start_frame,
        "frame": _start_frame,
        "html": _start_html,
        "iframe": _start_embedded,
        "link": _start_link,
        "meta": _start_meta,
        "object": _start_embedded,
        "script": _start_script,
        "style": _start_style,
        "svg": _start_svg,
        "title": _start_title,
    }
