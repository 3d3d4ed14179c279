"""Forms with their fields and buttons, and the pictures that serve as buttons.

Each ``_start_`` method is called as its element begins and returns what to call as it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from model.blocks import BlockReader
from model.labels import label_of, source_of, words_of_file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.linkflow import OpenLink
    from model.reading import Attributes, Close
    from model.stylesheet import StyleRules
    from model.textflow import Limits

_PRESSED = frozenset(("submit", "button", "reset", "image"))
_MOST_FIELDS = 200  # of one form


class FormReader(BlockReader):
    """A BlockReader that knows pictures and forms."""

    def __init__(self, limits: Limits, rules: StyleRules) -> None:
        super().__init__(limits, rules)
        self._field_types: list[str] | None = None
        self._form_link: OpenLink | None = None
        self._in_button = False
        self.images: list[tuple[str, str, int, bool]] = []
        self.forms: list[tuple[str, str, list[str], int]] = []

    def _start_img(self, attributes: Attributes) -> None:
        label = self.clip(label_of(attributes))
        src = source_of(attributes)
        link = self.open_links[-1] if self.open_links else self._pressed_link()
        if link is not None:
            link.picture = True
            link.label = link.label or label or words_of_file_name(src)
        if self.hidden_because:
            return
        self.flush()
        if len(self.images) < self.limits.images:
            # A picture that stands in the page as data has no address: its beginning is enough.
            src = src[: self.limits.value] if src.startswith("data:") else self.clip(src)
            self.images.append((label, src, self.position(), bool(self.open_links)))
        else:
            self.cut = True

    def _pressed_link(self) -> OpenLink | None:
        """Return the link of the form whose button is open."""
        return self._form_link if self._in_button else None

    def _start_form(self, attributes: Attributes) -> Close:
        self.end_block()
        if self._field_types is not None:
            return self.end_block
        if len(self.forms) >= self.limits.forms:
            self.cut = True
            return self.end_block
        self._field_types = []
        action = self.clip(attributes.get("action", "").strip())
        method = attributes.get("method", "get").strip().lower()[:10]
        self.forms.append((action, method, self._field_types, self.position()))
        if action:
            self._form_link = self.add_link(action, "form", attributes)
        return self._end_form

    def _end_form(self) -> None:
        self.end_block()
        self._field_types = self._form_link = None

    def _add_field(self, field_type: str) -> None:
        if self._field_types is None:
            return
        if len(self._field_types) < _MOST_FIELDS:
            self._field_types.append(field_type)
        else:
            self.cut = True

    def _start_input(self, attributes: Attributes) -> None:
        field_type = attributes.get("type", "text").strip().lower()[:20]
        self._add_field(field_type)
        if field_type not in _PRESSED:
            return
        label = self.clip(label_of(attributes))
        if self._form_link is not None and field_type in {"submit", "image"}:
            self._form_link.label = self._form_link.label or label
        if field_type == "image":
            self._start_img(attributes)
        else:
            self._write_button(label)

    def _write_button(self, label: str) -> None:
        self.start_role("button")
        self.write(label)
        self.end_role()

    def _start_select(self, attributes: Attributes) -> Close:
        self._add_field("select")
        return self.start_block(attributes)

    def _start_textarea(self, attributes: Attributes) -> Close:
        self._add_field("textarea")
        return self.start_block(attributes)

    def _start_button(self, _attributes: Attributes) -> Close:
        self._add_field("button")
        close = self.start_role("button")
        if self._form_link is None or self._in_button:
            return close
        self._in_button = True
        return self._end_button

    def _end_button(self) -> None:
        self.flush()
        if self._form_link is not None:
            self._form_link.label = self._form_link.label or self.clip(self.words_on_line())
        self._in_button = False
        self.end_role()

    meanings: ClassVar[Mapping[str, Callable[..., Close | None]]] = {
        **BlockReader.meanings,
        "button": _start_button,
        "form": _start_form,
        "image": _start_img,
        "img": _start_img,
        "input": _start_input,
        "select": _start_select,
        "textarea": _start_textarea,
    }
