"""Addresses: their canonical form, their registrable domain, the expressions of list look-ups.

Parsing is ada's, which follows the WHATWG URL Standard: the address judged here is the one a
browser would open. Safe Browsing's canonical form is another algorithm and stands at the end.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes

import ada_url

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_URL_LENGTH = 2_048  # code points, as written and as canonicalized

_TOO_LONG = f"The address is longer than {MAX_URL_LENGTH:,} characters: send a shorter one."
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[^/?#:]+:[0-9]+(?:[/?#]|$)")
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")


class InvalidUrl(ValueError):
    """The text is not an http(s) URL; the message says what to change."""


@dataclass(frozen=True, slots=True)
class URL:
    """One canonical http(s) URL.

    ``href`` has no credentials and no fragment. ``host`` is lower-case ASCII (punycode), without
    a trailing dot; an IPv6 address keeps its brackets. ``port`` is the effective one. ``query``
    comes without its question mark.
    """

    href: str
    scheme: str
    host: str
    port: int
    path: str
    query: str
    had_credentials: bool
    is_ip: bool

    @property
    def unicode_host(self) -> str:
        """The host as people read it, with punycode labels decoded."""
        return unicode_host(self.host)


def canonicalize_url(text: str) -> URL:
    """Parse an absolute http(s) address into its canonical form.

    Follows the WHATWG URL Standard with UTS46 non-transitional host names, but refuses what a
    browser silently repairs and attackers rely on: control characters and backslashes. Surrounding
    white space is ignored. ``canonicalize_url(url.href) == url`` but for ``had_credentials``.

    Raises InvalidUrl.
    """
    text = text.strip()
    _refuse_unsafe(text)
    scheme = _scheme_of(text)
    parsed = _parse(text)
    hostname = parsed.hostname
    if hostname.endswith("."):
        parsed = _without_trailing_dots(parsed)
        hostname = parsed.hostname
    href = parsed.href
    had_credentials = False
    if "@" in href:
        had_credentials = bool(parsed.username or parsed.password)
        parsed.username = parsed.password = ""
        href = parsed.href
    href = href.partition("#")[0]
    if len(href) > MAX_URL_LENGTH:
        raise InvalidUrl(_TOO_LONG)
    return URL(
        href=href,
        scheme=scheme,
        host=hostname,
        port=int(parsed.port or _DEFAULT_PORTS[scheme]),
        path=parsed.pathname,
        query=parsed.search[1:],
        had_credentials=had_credentials,
        is_ip=parsed.host_type != ada_url.HostType.DEFAULT,
    )


def _refuse_unsafe(text: str) -> None:
    if len(text) > MAX_URL_LENGTH:
        raise InvalidUrl(_TOO_LONG)
    if _REFUSED.search(text):
        raise InvalidUrl(
            "The address holds a control character, a backslash or half a character: "
            "percent-encode it or leave it out."
        )


def _scheme_of(text: str) -> str:
    match = _SCHEME.match(text)
    scheme = match[1].lower() if match else ""
    if scheme in _DEFAULT_PORTS:
        return scheme
    if not scheme or _HOST_AND_PORT.match(text):
        raise InvalidUrl(
            "The address has no scheme: write it in full, as in https://example.org/page."
        )
    raise InvalidUrl("Only http and https addresses are read: send one of those.")


def _parse(text: str) -> ada_url.URL:
    try:
        return ada_url.URL(text)
    except ValueError:
        raise InvalidUrl(
            "The address cannot be parsed: check its host name and its port for typing errors."
        ) from None


def _without_trailing_dots(parsed: ada_url.URL) -> ada_url.URL:
    host = parsed.hostname.rstrip(".")
    if not host:
        raise InvalidUrl("The address has no host name: write it in full.")
    try:
        parsed.hostname = host
    except ValueError:
        raise InvalidUrl("The host name of the address is not valid: check its end.") from None
    # Without its dots the host may have become an IP address, so it is read from the start.
    return _parse(parsed.href)


def resolve_url(base: str | None, reference: str) -> str:
    """Resolve a link of a page against the page's address, as a browser would.

    Returns the reference as written where it cannot be resolved. Any scheme may come out.
    """
    try:
        return ada_url.URL(reference).href if base is None else ada_url.join_url(base, reference)
    except ValueError:
        return reference


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract

    # The list that ships with the library: no download, no cache file, private domains on.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=16_384)
def split_domain(host: str) -> tuple[str, str]:
    """Cut a host into its registrable label and its public suffix.

    ``b.example.co.uk`` gives ``("example", "co.uk")``. The label is '' for an IP address, a bare
    suffix and a single label, and the suffix is then the host.
    """
    if host.startswith("[") or _is_ipv4(host):
        return "", host
    found = _suffixes().extract_str(host)
    if found.suffix:
        return found.domain, found.suffix
    # An unlisted top-level domain is a public suffix itself (the list's default rule, "*").
    labels = host.rsplit(".", 2)
    return (labels[-2], labels[-1]) if len(labels) > 1 else ("", host)


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def unicode_host(host: str) -> str:
    """Decode the punycode labels of a host; a label that is not valid stays as it is."""
    return ada_url.idna.decode(host) if "xn--" in host and host.isascii() else host


def registrable_domain(host: str) -> str:
    """Name the domain that was registered: ``b.example.co.uk`` gives ``example.co.uk``.

    ``host`` is a canonical host. Private suffixes count, so ``x.github.io`` stands for itself.
    An IP address, a bare suffix and a single label give the host itself.
    """
    label, suffix = split_domain(host)
    return f"{label}.{suffix}" if label else host


_GSB_SCHEME = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]*:)?//")
_GSB_SAFE = bytes(byte for byte in range(33, 127) if byte not in b"#%")


def safe_browsing_canonical(text: str | bytes) -> str:
    """Canonicalize an address as Google Safe Browsing does for list look-ups.

    Source: "URLs and Hashing" of the Safe Browsing API documentation (v4). Never fails. A str is
    taken as UTF-8; its host should be ASCII already, as in ``URL.href``. Credentials are dropped.
    """
    scheme, host, port, path, query = _safe_browsing_parts(text)
    return f"{scheme}{host}{port}{path}{query}"


def url_expressions(text: str | bytes) -> tuple[str, ...]:
    """List the host-suffix/path-prefix expressions under which lists may know an address.

    Up to 5 hosts times 6 paths, the exact one first. Source: as safe_browsing_canonical.
    """
    _, host, _, path, query = _safe_browsing_parts(text)
    expressions = (h + p for h in _host_suffixes(host) for p in _path_prefixes(path, query))
    return tuple(dict.fromkeys(expressions))


def expression_hash(expression: str) -> bytes:
    """Hash one expression for a list look-up: its SHA-256, 32 bytes."""
    return hashlib.sha256(expression.encode()).digest()


def _safe_browsing_parts(text: str | bytes) -> tuple[str, str, str, str, str]:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    raw = re.sub(rb"[\t\r\n]", b"", raw.strip(b" ")).partition(b"#")[0]
    match = _GSB_SCHEME.match(raw)
    scheme = ((match and match[1]) or b"http:").lower()
    rest = raw[match.end() :] if match else raw
    authority = re.split(rb"[/?]", rest, maxsplit=1)[0]
    path, mark, query = rest[len(authority) :].partition(b"?")
    host_and_port = authority.rpartition(b"@")[2]
    host, colon, port = host_and_port.rpartition(b":")
    if not colon or not (port.isdigit() or not port):
        host, colon, port = host_and_port, b"", b""
    return (
        f"{scheme.decode('ascii')}//",
        _gsb_quote(_gsb_host(_unescape(host))),
        (colon + port).decode("ascii"),
        _gsb_quote(_gsb_path(_unescape(path))),
        _gsb_quote(mark + _unescape(query)),
    )


def _unescape(raw: bytes) -> bytes:
    # Every round that changes something shortens the text, so this ends.
    while (decoded := unquote_to_bytes(raw)) != raw:
        raw = decoded
    return raw


def _gsb_quote(raw: bytes) -> str:
    return quote_from_bytes(raw, safe=_GSB_SAFE)


def _gsb_host(raw: bytes) -> bytes:
    host = re.sub(rb"\.+", b".", raw.strip(b".")).lower()
    try:
        parsed = ada_url.URL(f"http://{host.decode('ascii')}/")
    except ValueError:
        return host
    return parsed.hostname.encode() if parsed.host_type == ada_url.HostType.IPV4 else host


def _gsb_path(raw: bytes) -> bytes:
    kept: list[bytes] = []
    segments = re.sub(rb"/+", b"/", raw).split(b"/")[1:] or [b""]
    for segment in segments:
        if segment == b"..":
            del kept[-1:]
        elif segment not in (b"", b"."):
            kept.append(segment)
    tail = b"/" if kept and segments[-1] in (b"", b".", b"..") else b""
    return b"/" + b"/".join(kept) + tail


def _host_suffixes(host: str) -> list[str]:
    if host.startswith("[") or _is_ipv4(host):
        return [host]
    labels = host.split(".")
    starts = range(max(1, len(labels) - 5), len(labels) - 1)
    return [host, *(".".join(labels[start:]) for start in starts)]


def _path_prefixes(path: str, query: str) -> list[str]:
    folders = path.split("/")[1:-1]
    roots = ["/" + "".join(f"{folder}/" for folder in folders[:depth]) for depth in range(4)]
    return [path + query, path, *roots]
