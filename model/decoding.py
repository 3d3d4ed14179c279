"""From bytes to text, once, the way a browser chooses the encoding.

Byte order mark, then the transport's charset, then the declaration in the first 1,024 bytes, then
a bounded guess. Names are the WHATWG Encoding Standard's labels and nothing else: Python's own
codec names (``punycode``, ``zlib``) are not charsets. No bytes raise.
"""

from __future__ import annotations

import re

import webencodings

_SCANNED = 1_024  # bytes searched for a declaration: the Encoding Standard's own bound
_SAMPLED = 16_384  # bytes looked at by the guess

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([^\s\"'/>;,]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[\s/][^>]{0,1000}", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_.:-]{1,40})")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_HIGH_RUNS = re.compile(r"[^\x00-\x7f]+")

# The commonest letters beyond ASCII of each legacy encoding's languages.
_COMMON = {
    "windows-1252": "éèêàâçäöüßñíóáúãõîôûåæø’“”–«»",
    "windows-1250": "ąćęłńóśźżřěščůýáíéžőűțșăâî",
    "windows-1251": "оеаинтсрвлкмдпуяы",
    "koi8-r": "оеаинтсрвлкмдпуяы",
    "windows-1253": "αοιετσνηυρπκλμάίό",
    "windows-1254": "ıişğüöçİŞ",
    "windows-1255": "יוהלאתרמשבנ",
    "windows-1256": "اليمنترعبده",
    "windows-874": "านรอกเงมยลวดท่้",
    "shift_jis": "のにはをたがでてとしれさいる、。",
    "euc-jp": "のにはをたがでてとしれさいる、。",
    "gb18030": "的一是不了在人有我他这中大来上国，。",
    "big5": "的一是不了在人有我他這中大來上國，。",
    "euc-kr": "이다는의에을가하고은지로서한",
}
_LEAST_COMMON_SHARE = 0.1


def decode_body(body: bytes, content_type: str = "") -> str:
    """Decode a page's bytes; malformed sequences become U+FFFD.

    NULs are dropped, and every line break becomes a line feed.
    ``content_type`` is the transport's header as it came. Method: WHATWG HTML, "determining the
    character encoding", without its frames and without a locale's default.
    """
    for mark, label in _BOMS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], label)
    return _decode(body, _label_of(content_type) or _declared(body[:_SCANNED]) or _guess(body))


def _decode(body: bytes, label: str) -> str:
    encoding = webencodings.lookup(label)
    assert encoding is not None  # every label came out of _known()
    text: str = encoding.codec_info.decode(body, "replace")[0]
    if "\x00" in text:
        text = text.replace("\x00", "")
    # HTML's input stream has one kind of line break.
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _known(label: str) -> str:
    """The standard's name for a label, or '' for a label the web does not know."""
    encoding = webencodings.lookup(label) if label.isascii() else None
    return encoding.name if encoding else ""


def _label_of(declaration: str) -> str:
    match = _CHARSET.search(declaration)
    return _known(match[1]) if match else ""


def _declared(head: bytes) -> str:
    xml = _XML.match(head)
    labels = [_known(xml[1].decode("ascii"))] if xml else []
    labels += [_label_of(meta[0].decode("latin-1")) for meta in _META.finditer(head)]
    for label in filter(None, labels):
        # A declaration that could be read as ASCII is not in UTF-16, whatever it says.
        if label.startswith("utf-16"):
            return "utf-8"
        return "windows-1252" if label == "x-user-defined" else label
    return ""


def _guess(body: bytes) -> str:
    """Choose an encoding for undeclared bytes from a bounded sample of them."""
    even, odd = body[:_SAMPLED:2].count(0), body[1:_SAMPLED:2].count(0)
    # Half of the bytes of most texts in UTF-16 are zero, all on the same side.
    if max(even, odd) * 4 > max(min(len(body), _SAMPLED), 16 * min(even, odd), 16):
        return "utf-16le" if odd > even else "utf-16be"
    if _is_mostly_utf8(body):
        return "utf-8"
    return _commonest_letters(_from_first_high_byte(body))


def _is_mostly_utf8(body: bytes) -> bool:
    text = _decode(body, "utf-8")
    broken = text.count("\ufffd")
    # A cut in the middle of a character, or one bad quotation, does not make another encoding.
    return not broken or broken * 20 < sum(map(len, _HIGH_RUNS.findall(text[:_SAMPLED])))


def _from_first_high_byte(body: bytes) -> bytes:
    first = _HIGH_BYTE.search(body)
    start = first.start() if first else 0
    return body[start : start + _SAMPLED]


def _commonest_letters(sample: bytes) -> str:
    shares = {label: _common_share(_decode(sample, label), _COMMON[label]) for label in _COMMON}
    best = max(shares, key=lambda label: shares[label])
    return best if shares[best] >= _LEAST_COMMON_SHARE else "windows-1252"


def _common_share(text: str, common: str) -> float:
    high = "".join(_HIGH_RUNS.findall(text))
    return sum(map(high.count, common)) / len(high) if high else 0.0
