"""Where a page leads, as the desk shows it: what each link shows against where it goes."""

from __future__ import annotations

from dataclasses import dataclass

from model.document import Document, Link
from model.passages import Destination, find_destinations
from service.desk.defang import defang
from service.desk.language import gettext
from service.finding import Reading


@dataclass(frozen=True, slots=True)
class ShownLink:
    """Somewhere the page leads: its words, and its address, which is no link here.

    ``target`` is the address itself, for the page that warns, or '' where it is no web address;
    ``warnings`` say what about it a reader could not have known.
    """

    text: str
    address: str
    target: str
    hidden: bool
    warnings: tuple[str, ...]


def show_links(reading: Reading, url: str | None) -> tuple[ShownLink, ...]:
    """Say of each link of a page, in order, where it goes and what it hides."""
    page = Document(url, reading.title, reading.text, links=reading.links)
    return tuple(_shown(destination) for destination in find_destinations(page))


def _shown(destination: Destination) -> ShownLink:
    link = destination.link
    web = link.href.lower().startswith(("http://", "https://"))
    return ShownLink(
        link.text,
        defang(link.href),
        link.href if web else "",
        link.hidden,
        tuple(_warnings(destination, link)),
    )


def _warnings(destination: Destination, link: Link) -> list[str]:
    found = []
    if destination.masked:
        found.append(gettext("Its words show another address than it leads to."))
    if destination.kind == "shortener":
        found.append(gettext("A shortener hides where it leads."))
    if destination.kind == "redirector":
        found.append(gettext("It goes through a script that sends its reader on."))
    if destination.kind == "locker":
        found.append(gettext("It leads to a file locker or an offer wall."))
    if link.role in {"button", "script", "refresh", "frame", "form"}:
        found.append(gettext("It leads there without showing an address."))
    if destination.is_elsewhere and destination.domain and not destination.named:
        found.append(gettext("The page does not name this site."))
    if link.hidden:
        found.append(gettext("Readers cannot see it."))
    return found
