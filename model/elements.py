"""What single elements mean: anchors, pictures, scripts, forms, frames and the head's claims.

Each ``_start_`` method is called as its element begins and returns what to call as it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from model.blocks import BlockReader
from model.claims import read_claims
from model.destinations import attribute_target, refresh_target, script_targets
from model.sheets import is_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.parts import LinkRole
    from model.reading import Attributes, Close, OpenLink
    from model.stylesheet import StyleRules
    from model.textflow import Limits

_NOWHERE = frozenset(("", "#", "#!"))
_PRESSED = frozenset(("submit", "button", "reset", "image"))
_MOST_FIELDS = 200  # of one form


class PageReader(BlockReader):
    """A reader that knows HTML's elements."""

    def __init__(self, limits: Limits, rules: StyleRules) -> None:
        super().__init__(limits, rules)
        self._in_svg = False
        self._field_types: list[str] | None = None
        self._form_link: OpenLink | None = None
        self.images: list[tuple[str, str, int, bool]] = []
        self.forms: list[tuple[str, str, list[str], int]] = []
        self.meta: list[tuple[str, str]] = []
        self.title = self.base = self.language = ""

    # Links

    def _start_a(self, attributes: Attributes) -> Close | None:
        href = attributes.get("href", attributes.get("xlink:href"))
        if href is None:
            return None
        href = href.strip()
        role: LinkRole = "text"
        if href[:11].lower() == "javascript:":
            role = "button"
            href = next(script_targets(href), href)
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
        title = " ".join(self.take().split())
        if not self.title and not self._in_svg:
            self.title = title[: self.limits.value]

    def _start_script(self, attributes: Attributes) -> Close:
        self.flush()
        is_claims = attributes.get("type", "").strip().lower() == "application/ld+json"
        return self._end_claims if is_claims else self._end_script

    def _end_script(self) -> None:
        for target in script_targets(self.take()):
            self.add_link(target, "script", {})

    def _end_claims(self) -> None:
        for name, content in read_claims(self.take()):
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
        self.base = self.base or attributes.get("href", "").strip()[: self.limits.value]

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
        content = " ".join(content[: self.limits.value].split())
        if not name or not content:
            return
        if len(self.meta) < self.limits.meta:
            self.meta.append((name[:100].strip().lower(), content))
        else:
            self.cut = True

    # Pictures and forms

    def _start_img(self, attributes: Attributes) -> None:
        label = self.label_of(attributes)
        src = attributes.get("src") or attributes.get("data-src") or ""
        if self.open_links:
            link = self.open_links[-1]
            link.picture = True
            link.label = link.label or label or _words_of_file_name(src)
        if self.hidden_because:
            return
        self.flush()
        if len(self.images) < self.limits.images:
            place = self.position()
            src = src[: self.limits.value]
            self.images.append((label, src, place, bool(self.open_links)))
        else:
            self.cut = True

    def _start_form(self, attributes: Attributes) -> Close:
        self.end_block()
        if self._field_types is not None:
            return self.end_block
        if len(self.forms) >= self.limits.forms:
            self.cut = True
            return self.end_block
        self._field_types = []
        action = attributes.get("action", "").strip()[: self.limits.value]
        method = attributes.get("method", "get").strip().lower()[:10]
        self.forms.append((action, method, self._field_types, self.position()))
        if action:
            self._form_link = self.add_link(action, "form", attributes)
        return self._end_form

    def _end_form(self) -> None:
        self.end_block()
        self._field_types = self._form_link = None

    def _add_field(self, field_type: str) -> None:
        if self._field_types is not None and len(self._field_types) < _MOST_FIELDS:
            self._field_types.append(field_type)

    def _start_input(self, attributes: Attributes) -> None:
        field_type = attributes.get("type", "text").strip().lower()[:20]
        self._add_field(field_type)
        if field_type not in _PRESSED:
            return
        label = self.label_of(attributes)
        if self._form_link is not None and field_type in {"submit", "image"}:
            self._form_link.label = self._form_link.label or label
        if field_type == "image":
            self._start_img(attributes)
        else:
            self._write_button(label)

    def _write_button(self, label: str) -> None:
        self.start_role("button")
        self.write(label)
        self._end_role()

    def _start_select(self, attributes: Attributes) -> Close:
        self._add_field("select")
        return self.start_block(attributes)

    def _start_textarea(self, attributes: Attributes) -> Close:
        self._add_field("textarea")
        return self.start_block(attributes)

    def _start_button(self, _attributes: Attributes) -> Close:
        self._add_field("button")
        return self.start_role("button")

    meanings: ClassVar[Mapping[str, Callable[..., Close | None]]] = {
        **BlockReader.meanings,
        "a": _start_a,
        "area": _start_area,
        "base": _start_base,
        "button": _start_button,
        "embed": _start_frame,
        "form": _start_form,
        "frame": _start_frame,
        "html": _start_html,
        "iframe": _start_embedded,
        "img": _start_img,
        "input": _start_input,
        "link": _start_link,
        "meta": _start_meta,
        "object": _start_embedded,
        "script": _start_script,
        "select": _start_select,
        "style": _start_style,
        "svg": _start_svg,
        "textarea": _start_textarea,
        "title": _start_title,
    }


def _words_of_file_name(src: str) -> str:
    """Read a picture's file name as words: ``/i/download-now.png?x`` gives ``download now``."""
    if src.startswith("data:"):
        return ""
    name = src[:300].partition("?")[0].rpartition("/")[2].rpartition(".")[0]
    return " ".join(name.replace("-", " ").replace("_", " ").split())
