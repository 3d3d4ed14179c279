"""What single elements mean: anchors, pictures, scripts, forms, frames and the head's claims.

Each handler is called as its element begins; ``opened.finish`` is called as it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from model.claims import read_claims
from model.destinations import attribute_target, refresh_target, script_targets
from model.reading import MarkupReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.parts import LinkRole
    from model.reading import Attributes, Open, OpenLink
    from model.stylesheet import StyleRules
    from model.textflow import Limits

_NOWHERE = frozenset(("", "#", "#!"))
_PRESSED = frozenset(("submit", "button", "reset", "image"))
_MOST_FIELDS = 200  # of one form


class PageReader(MarkupReader):
    """A MarkupReader that knows HTML's elements."""

    def __init__(self, limits: Limits, rules: StyleRules | None = None) -> None:
        super().__init__(limits, rules)
        self._in_svg = False
        self._field_types: list[str] | None = None
        self._form_link: OpenLink | None = None
        self._seen_body = False
        self.late_rules = False
        self.images: list[tuple[str, str, int, bool]] = []
        self.forms: list[tuple[str, str, list[str], int]] = []
        self.meta: list[tuple[str, str]] = []
        self.title = self.base = self.language = ""

    # Links

    def _start_a(self, attributes: Attributes, opened: Open) -> None:
        href = attributes.get("href", attributes.get("xlink:href"))
        if href is None:
            return
        href = href.strip()
        role: LinkRole = "text"
        if href[:11].lower() == "javascript:":
            role = "button"
            href = next(script_targets(href), href)
        elif href in _NOWHERE:
            role = "button"
            href = attribute_target(attributes) or "#"
        link = self.open_link(href, role, opened, attributes)
        link.rel = tuple(attributes.get("rel", "")[:200].lower().split())

    def _start_area(self, attributes: Attributes, _opened: Open) -> None:
        if attributes.get("href"):
            self.open_link(attributes["href"], "area", None, attributes)

    def _start_frame(self, attributes: Attributes, _opened: Open) -> None:
        target = attributes.get("src") or attributes.get("data")
        if target:
            self.open_link(target, "frame", None, attributes)

    # Text of a kind of its own

    def _start_br(self, _attributes: Attributes, _opened: Open) -> None:
        self.end_block()

    def _start_pre(self, _attributes: Attributes, opened: Open) -> None:
        if not self.in_pre:
            self.in_pre = True
            opened.finish = self._end_pre

    def _end_pre(self) -> None:
        self.flush()
        self.in_pre = False

    def _start_noscript(self, _attributes: Attributes, opened: Open) -> None:
        if not self.in_noscript:
            self.end_block()
            self.in_noscript = True
            opened.finish = self._end_noscript

    def _end_noscript(self) -> None:
        self.end_block()
        self.in_noscript = False

    def _start_svg(self, _attributes: Attributes, opened: Open) -> None:
        if not self._in_svg:
            self._in_svg = True
            opened.finish = self._end_svg

    def _end_svg(self) -> None:
        self._in_svg = False

    # Text that is not shown where it stands

    def _start_title(self, _attributes: Attributes, opened: Open) -> None:
        self.flush()
        opened.finish = self._end_title

    def _end_title(self) -> None:
        title = " ".join(self.take().split())
        if not self.title and not self._in_svg:
            self.title = title[: self.limits.value]

    def _start_script(self, attributes: Attributes, opened: Open) -> None:
        self.flush()
        is_claims = attributes.get("type", "").strip().lower() == "application/ld+json"
        opened.finish = self._end_claims if is_claims else self._end_script

    def _end_script(self) -> None:
        for target in script_targets(self.take()):
            self.open_link(target, "script", None, {})

    def _end_claims(self) -> None:
        for name, content in read_claims(self.take()):
            self._add_meta(name, content)

    def _start_style(self, attributes: Attributes, opened: Open) -> None:
        self.flush()
        media = attributes.get("media", "all").strip().lower()
        is_read = media in {"", "all", "screen"} and "css" in attributes.get("type", "text/css")
        opened.finish = self._end_style if is_read else self._drop

    def _end_style(self) -> None:
        if not self.rules.add(self.take()):
            self.cut = True
        self.late_rules = self.late_rules or (self._seen_body and bool(self.rules))

    def _drop(self) -> None:
        self.take()

    # The head

    def _start_html(self, attributes: Attributes, _opened: Open) -> None:
        language = attributes.get("lang", attributes.get("xml:lang", ""))
        self.language = language[:40].strip().lower().replace("_", "-").partition("-")[0]

    def _start_body(self, _attributes: Attributes, _opened: Open) -> None:
        self._seen_body = True

    def _start_base(self, attributes: Attributes, _opened: Open) -> None:
        self.base = self.base or attributes.get("href", "").strip()[: self.limits.value]

    def _start_link(self, attributes: Attributes, _opened: Open) -> None:
        if "canonical" in attributes.get("rel", "").lower().split():
            self._add_meta("canonical", attributes.get("href", "").strip())

    def _start_meta(self, attributes: Attributes, _opened: Open) -> None:
        content = attributes.get("content", "")
        equivalent = attributes.get("http-equiv", "").strip().lower()
        if equivalent == "refresh":
            target = refresh_target(content)
            if target:
                self.open_link(target, "refresh", None, {})
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

    def _start_img(self, attributes: Attributes, _opened: Open) -> None:
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

    def _start_form(self, attributes: Attributes, opened: Open) -> None:
        if self._field_types is not None:
            return
        if len(self.forms) >= self.limits.forms:
            self.cut = True
            return
        self._field_types = []
        opened.finish = self._end_form
        action = attributes.get("action", "").strip()[: self.limits.value]
        method = attributes.get("method", "get").strip().lower()[:10]
        self.forms.append((action, method, self._field_types, self.position()))
        if action:
            self._form_link = self.open_link(action, "form", None, attributes)

    def _end_form(self) -> None:
        self._field_types = self._form_link = None

    def _add_field(self, field_type: str) -> None:
        if self._field_types is not None and len(self._field_types) < _MOST_FIELDS:
            self._field_types.append(field_type)

    def _start_input(self, attributes: Attributes, opened: Open) -> None:
        field_type = attributes.get("type", "text").strip().lower()[:20]
        self._add_field(field_type)
        if field_type not in _PRESSED:
            return
        label = self.label_of(attributes)
        if self._form_link is not None and field_type in {"submit", "image"}:
            self._form_link.label = self._form_link.label or label
        if field_type == "image":
            self._start_img(attributes, opened)
        else:
            self._write_button(label)

    def _write_button(self, label: str) -> None:
        self.end_block()
        before, self.role = self.role, "button"
        self.write(label)
        self.end_block()
        self.role = before

    def _start_select(self, _attributes: Attributes, _opened: Open) -> None:
        self._add_field("select")

    def _start_textarea(self, _attributes: Attributes, _opened: Open) -> None:
        self._add_field("textarea")

    def _start_button(self, _attributes: Attributes, _opened: Open) -> None:
        self._add_field("button")

    handlers: ClassVar[Mapping[str, Callable[..., None]]] = {
        "a": _start_a,
        "area": _start_area,
        "base": _start_base,
        "body": _start_body,
        "br": _start_br,
        "button": _start_button,
        "embed": _start_frame,
        "form": _start_form,
        "frame": _start_frame,
        "html": _start_html,
        "iframe": _start_frame,
        "img": _start_img,
        "input": _start_input,
        "link": _start_link,
        "listing": _start_pre,
        "meta": _start_meta,
        "noscript": _start_noscript,
        "object": _start_frame,
        "plaintext": _start_pre,
        "pre": _start_pre,
        "script": _start_script,
        "select": _start_select,
        "style": _start_style,
        "svg": _start_svg,
        "textarea": _start_textarea,
        "title": _start_title,
        "xmp": _start_pre,
    }


def _words_of_file_name(src: str) -> str:
    """Read a picture's file name as words: ``/i/download-now.png?x`` gives ``download now``."""
    if src.startswith("data:"):
        return ""
    name = src[:300].partition("?")[0].rpartition("/")[2].rpartition(".")[0]
    return " ".join(name.replace("-", " ").replace("_", " ").split())
