"""Where pages lead: addresses that hide who they are, and addresses that say it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from training.synthesis.language import Place
from training.synthesis.names import company_name, host_label, neighbour_name, pirate_name

SHORTENERS = (
    "bit.ly", "tinyurl.com", "cutt.ly", "t.ly", "is.gd", "rb.gy", "shorturl.at", "ow.ly", "goo.gl",
    "s.id", "t.co", "bl.ink", "rebrand.ly", "v.gd", "tiny.cc", "urlz.fr", "shrtco.de", "lnkd.in",
    "adf.ly", "ouo.io", "linktr.ee", "exe.io", "shorte.st", "clk.sh", "bc.vc", "gg.gg", "qr.ae",
)  # fmt: skip
_CHEAP = (
    "xyz", "top", "click", "icu", "online", "site", "live", "club", "fun", "buzz", "vip", "shop",
    "space", "website", "cc", "cfd", "sbs", "monster", "quest", "rest", "lol", "pw", "cyou", "life",
)  # fmt: skip
_ORDINARY = ("com", "net", "org", "info", "co", "me", "io", "to", "us", "tv", "app", "dev", "eu")
_COUNTRY = {
    "es": "es", "pt": "com.br", "fr": "fr", "de": "de", "it": "it", "nl": "nl", "pl": "pl",
    "tr": "com.tr", "ru": "ru", "ar": "com.eg", "hi": "in", "id": "co.id", "vi": "vn", "ko": "kr",
    "ja": "jp", "zh": "cn", "en": "co.uk",
}  # fmt: skip
_HOSTED = (
    "{}.blogspot.com", "{}.wordpress.com", "{}.github.io", "{}.weebly.com", "{}.netlify.app",
    "{}.vercel.app", "{}.pages.dev", "{}.web.app", "{}.000webhostapp.com", "{}.wixsite.com",
    "{}.tumblr.com", "{}.carrd.co", "{}.surge.sh", "{}.herokuapp.com", "{}.glitch.me",
)  # fmt: skip
_FILE_HOSTS = (
    "mega.nz", "mediafire.com", "dropbox.com", "drive.google.com", "1fichier.com", "gofile.io",
    "uploadhaven.com", "pixeldrain.com", "t.me", "rapidgator.net", "workupload.com",
    "krakenfiles.com",
)  # fmt: skip
_WORDS = (
    "stream", "play", "movie", "hd", "go", "apk", "free", "get", "now", "best", "top", "deal",
    "click", "media", "track", "offer", "secure", "verify", "cdn", "garden", "hose", "travel",
    "tips", "health", "daily", "news", "blue", "river", "stone", "pixel", "cloud", "link", "bridge",
    "maple", "fox", "kitchen", "auto", "parts", "home", "style", "smart", "trend", "gate", "page",
    "world", "city", "green", "sun", "trade", "book", "club", "zone", "green", "tech", "life",
)  # fmt: skip
_CITED = (
    "https://en.wikipedia.org/wiki/", "https://www.imdb.com/title/", "https://www.theguardian.com/",
    "https://www.youtube.com/watch?v=", "https://www.reuters.com/", "https://github.com/",
    "https://www.instagram.com/", "https://x.com/", "https://www.nytimes.com/", "https://doi.org/",
    "https://youtu.be/", "https://medium.com/", "https://drive.google.com/file/", "https://t.me/",
    "https://www.amazon.com/dp/", "https://amzn.to/", "https://letterboxd.com/film/",
    "https://www.dropbox.com/s/", "https://web.archive.org/web/", "https://mega.nz/",
)  # fmt: skip
_GO_PATHS = ("/go/{}", "/out?u={}", "/r/{}", "/redirect.php?id={}", "/click?to={}", "/visit/{}")
_AFFILIATE = (
    "lnk.asp?o={}&c={}&a={}",
    "cl.php?id={}{}{}",
    "?aff={}&sub={}&k={}",
    "offer/{}/{}?s={}",
)
_OWN_PATHS = (
    "/newsletter", "/subscribe", "/about", "/contact", "/shop", "/archive", "/support", "/app",
    "/downloads/guide.pdf", "/tickets", "/register", "/account", "/blog/{}", "/{}", "/p/{}.html",
    "/20{}/part-2", "/rules", "/podcast", "#comments", "#recipe", "/cart?add={}", "/login",
    "/page/{}", "/watch/{}", "/files/v{}.zip", "/releases/latest", "/play", "/live", "next.html",
    "/download/setup-{}.exe", "/jobs/{}", "/track?id={}", "/video/{}", "index.html", "/quiz/{}",
)  # fmt: skip
_COVER_WORDS = (
    "online", "help", "service", "secure", "delivery", "free", "play", "watch", "account", "live",
    "app", "refund", "info", "now", "official", "portal", "bonus", "id", "care", "tv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """The site a page stands on: shared by a bait page and its twins, so it tells nothing."""

    name: str
    host: str
    url: str | None


def slug(text: str, rng: Random) -> str:
    """Write a name as the last part of a path; a number where no ASCII letter is left."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split()
    return "-".join(words[:6]) or str(rng.randrange(1000, 99999))


def code(rng: Random, length: int = 6) -> str:
    """Write a random token, as shorteners and trackers do."""
    return "".join(
        rng.choices("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=length)
    )


def any_host(rng: Random, lang: str) -> str:
    """Invent an unrelated host of the kinds that both honest and dishonest pages have."""
    label = "".join(rng.sample(_WORDS, rng.choice((1, 2, 2, 3)))) + rng.choice(
        ("", "", "", "24", "7")
    )
    if rng.random() < 0.15:
        label = "-".join(rng.sample(_WORDS, 2))
    roll = rng.random()
    if roll < 0.2:
        return rng.choice(_HOSTED).format(label)
    if roll < 0.4:
        return f"{label}.{_COUNTRY.get(lang, 'com')}"
    return f"{label}.{rng.choice(_CHEAP if roll < 0.5 else _ORDINARY)}"


def invent_place(rng: Random, lang: str) -> Place:
    """Invent a company, or someone small, that says who it is; its host is its own name.

    Honest people too have free hosts and cheap suffixes: neither is evidence.
    """
    name = company_name(rng) if rng.random() < 0.5 else neighbour_name(rng)
    label = host_label(name)
    if rng.random() < 0.15:
        label = "-".join(filter(None, map(host_label, name.split())))
    roll = rng.random()
    if roll < 0.16:
        return Place(name, rng.choice(_HOSTED).format(label))
    suffixes = _CHEAP if roll < 0.26 else (*_ORDINARY, *[_COUNTRY.get(lang, "com")] * 4)
    return Place(name, f"{label}.{rng.choice(suffixes)}")


def cited_address(rng: Random, lang: str) -> str:
    """Invent what ordinary prose links to: sources, other small sites, now and then a shortener."""
    roll = rng.random()
    if roll < 0.5:
        return rng.choice(_CITED) + code(rng)
    if roll < 0.55:
        return f"https://{rng.choice(SHORTENERS)}/{code(rng)}"
    if roll < 0.6:
        return f"https://{any_host(rng, lang)}/{_affiliate(rng)}"
    if roll < 0.75:
        return f"https://{invent_place(rng, lang).host}{_page_path(rng, code(rng))}"
    scheme = "http" if roll < 0.82 else "https"
    return f"{scheme}://{any_host(rng, lang)}{_page_path(rng, code(rng))}"


def invent_site(rng: Random, lang: str, title: str) -> Site:
    """Invent the site that a page and its twins stand on; half of them have no known address."""
    if rng.random() < 0.5:
        name = company_name(rng)
        host = f"www.{host_label(name)}.{rng.choice((*_ORDINARY, _COUNTRY.get(lang, 'com')))}"
    else:
        host = any_host(rng, lang)
        name = host.split(".")[0].replace("-", " ").capitalize()
    path = rng.choice(("/{}", "/blog/{}.html", "/2025/03/{}/", "/{}/", "/p/{}", "/")).format(
        slug(title, rng)
    )
    return Site(name, host, f"https://{host}{path}" if rng.random() < 0.5 else None)


def unnamed_address(rng: Random, lang: str, site: Site, title: str) -> str:
    """Invent an address that hides, or has nothing to do with, what is promised there."""
    roll = rng.random()
    if roll < 0.42:
        return _hiding_address(rng, site, title)
    if roll < 0.5:
        return f"https://{any_host(rng, lang)}/{_affiliate(rng)}"
    if roll < 0.65:  # names as good as any honest one
        host = invent_place(rng, lang).host if rng.random() < 0.6 else any_host(rng, lang)
        return f"https://{host}{_page_path(rng, title)}"
    if roll < 0.75:
        host = rng.choice(_HOSTED).format(host_label(pirate_name(rng)))
        return f"https://{host}/{slug(title, rng)}"
    name = host_label(pirate_name(rng)) if roll < 0.87 else "".join(rng.sample(_WORDS, 2))
    suffix = rng.choice(_CHEAP if rng.random() < 0.6 else _ORDINARY)
    www = "www." if rng.random() < 0.2 else ""
    return (
        f"{rng.choice(('https', 'https', 'http'))}://{www}{name}.{suffix}{_page_path(rng, title)}"
    )


def _hiding_address(rng: Random, site: Site, title: str) -> str:
    """Invent an address behind a shortener, the page's own counter or a file host."""
    roll = rng.random()
    if roll < 0.57:
        return f"https://{rng.choice(SHORTENERS)}/{code(rng, rng.randint(4, 8))}"
    if roll < 0.81:
        path = rng.choice(_GO_PATHS).format(rng.choice((code(rng), slug(title, rng), "watch")))
        return path if site.url is None or rng.random() < 0.6 else f"https://{site.host}{path}"
    return f"https://{rng.choice(_FILE_HOSTS)}/{code(rng, 8)}"


def cover_address(rng: Random, place: Place, title: str) -> str:
    """Invent an address that wears a known place's name and is not the place's."""
    label = place.host.removeprefix("www.").split(".")[0]
    word = rng.choice(_COVER_WORDS)
    suffix = rng.choice(_CHEAP if rng.random() < 0.5 else _ORDINARY)
    host = rng.choice((
        f"{label}-{word}.{suffix}", f"{word}-{label}.{suffix}", f"{label}{word}.{suffix}",
        f"{label}.{word}{rng.choice(_WORDS)}.{suffix}",
        rng.choice(_HOSTED).format(f"{label}-{word}"),
    ))  # fmt: skip
    return f"https://{host}{_page_path(rng, title)}"


def place_address(
    rng: Random, place: Place, site: Site, title: str, *, counted: bool = False
) -> str:
    """Invent a page of a named place, on the host that is the place's own.

    A ``counted`` link may go through the page's own counter, as disclosed affiliate links do.
    """
    if place.host == site.host:
        return own_address(rng, site)
    if counted and rng.random() < 0.06:
        return f"/go/{host_label(place.name) or code(rng)}"
    www = "" if place.host.count(".") > 1 or rng.random() < 0.3 else "www."
    return f"https://{www}{place.host}{_page_path(rng, title)}"


def _page_path(rng: Random, title: str) -> str:
    """Invent a path; honest and dishonest sites have the same ones."""
    name = slug(title, rng)
    number = rng.randrange(10**4, 10**7)
    return rng.choice((
        "", "/", f"/{name}", f"/title/{number}", f"/details?id={code(rng)}", f"/watch/{code(rng)}",
        f"/en/{name}.html", f"/releases/{name}", f"/search?q={name}", f"/?{code(rng)}",
        f"/p/{number}",
        f"/{name}?utm_source={rng.choice(_WORDS)}", f"/{rng.choice(_WORDS)}/{number}-{name}",
    ))  # fmt: skip


def _affiliate(rng: Random) -> str:
    return rng.choice(_AFFILIATE).format(*(rng.randrange(10**6) for _ in range(3)))


def own_address(rng: Random, site: Site) -> str:
    """Invent an address on the page's own site, relative half of the time where that can be."""
    path = rng.choice(_OWN_PATHS).format(rng.randrange(10, 99))
    if path.startswith("#") or site.url is None or rng.random() < 0.5:
        return path
    return f"https://{site.host}/{path.lstrip('/')}"


def shown(address: str, site: Site) -> str:
    """Write an address as a reader meets it in plain text: whole, or without its scheme."""
    return address if "://" in address else f"https://{site.host}/{address.lstrip('/')}"
