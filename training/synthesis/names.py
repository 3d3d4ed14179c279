"""Invented and well-known names: films, teams, apps, brands, companies, and sites with no right.

Nothing here is evidence of anything: bait and honest pages draw from the same names. Only
``pirate`` names, made up on the spot, belong to bait alone.
"""

from __future__ import annotations

import unicodedata
from random import Random

TITLES = (
    "Novara", "Kestrel 9", "Mirabel", "Orsino", "Calder", "The Varga Line", "Solenne", "Hex & Ash",
    "Aurelia", "Tamarind", "Sable 2", "Iron Meridian", "Lumen", "Okoro", "Nightjar", "Zephyrine",
    "Delta Kin", "Marrow", "Ravena", "Silo 14", "Vesper", "Kumari", "Halcyon", "Monolito",
)  # fmt: skip
TEAMS = (
    "Real Madrid", "Barcelona", "Arsenal", "Liverpool", "Chelsea", "Juventus", "AC Milan", "Inter",
    "PSG", "Bayern", "Dortmund", "Ajax", "PSV", "Porto", "Benfica", "Galatasaray", "Fenerbahçe",
    "Flamengo", "Palmeiras", "Boca Juniors", "River Plate", "Lakers", "Celtics", "Warriors",
    "Chiefs", "Eagles", "Cowboys", "Yankees", "Dodgers", "Al Ahly", "Al Hilal", "Persija",
    "Persib", "Zenit", "Spartak", "Legia", "Lech", "Hanoi FC", "Urawa Reds", "Jeonbuk", "Ulsan",
    "India", "Brazil", "Japan", "Argentina", "Marseille", "Lyon", "Napoli", "Celtic", "Sevilla",
    "Tyson Bell", "M. Okafor", "K. Petrenko", "R. Salgado",
)  # fmt: skip
LEAGUES = (
    "NFL", "NBA", "MLB", "NHL", "UFC", "Premier League", "La Liga", "Bundesliga", "Serie A",
    "Ligue 1", "Champions League", "Formula 1", "MotoGP", "IPL", "K League", "J1 League",
    "Eredivisie", "Süper Lig", "Ekstraklasa", "Copa Libertadores", "WWE", "Wimbledon", "V.League",
)  # fmt: skip
APPS = (
    "Photoshop", "Lightroom", "Illustrator", "Premiere Pro", "Microsoft Office", "Windows 11",
    "AutoCAD", "CapCut", "Spotify", "YouTube", "Minecraft", "GTA V", "FIFA 26", "Roblox", "PUBG",
    "Free Fire", "Clash of Clans", "Telegram", "WhatsApp", "TikTok", "VLC", "OBS Studio",
    "Krita", "Blender", "LibreOffice", "Audacity", "FL Studio", "IDM", "WinRAR", "NordVPN",
    "Canva", "Duolingo", "Truecaller", "PicsArt", "KineMaster", "Subway Surfers", "Sims 4",
    "Ledgerly", "Tidewriter", "Quillbox", "PocketAtlas", "Noteleaf", "FrameForge", "Brisk PDF",
)  # fmt: skip
BRANDS = (
    "Amazon", "Netflix", "Google Play", "Apple", "PayPal", "Cash App", "Steam", "PlayStation",
    "Xbox", "Roblox", "Starbucks", "IKEA", "Lidl", "Zara", "Samsung", "Visa", "Shein", "Shopee",
    "Spotify", "Nike", "H&M", "Binance", "Revolut", "Uniqlo", "Decathlon",
)  # fmt: skip
COINS = (
    "Robux", "V-Bucks", "CP", "UC", "Diamonds", "Gems", "Coins", "FIFA Points", "Minecoins",
    "Primogems", "Apex Coins", "TikTok Coins", "RP", "Spins", "Stars",
)  # fmt: skip

_COMPANY_FIRST = (
    "Linden", "Harbor", "Kestrel", "Alder", "Nordlicht", "Solano", "Marble", "Quill", "Juniper",
    "Bellweather", "Castell", "Rivage", "Taiga", "Sakura", "Hanok", "Meridian", "Ombra", "Delfin",
    "Praia", "Zorka", "Banyan", "Cedar", "Tulip", "Wisla", "Medina", "Lotus", "Aurora", "Fjord",
    "Pellegrin", "Oakham", "Saffron", "Kobalt", "Larkspur", "Vega", "Tramonto", "Brio",
)  # fmt: skip
_COMPANY_SECOND = (
    "Books", "Films", "Kino", "Cinema", "Records", "Press", "Media", "Foundation", "Theatre",
    "Bakery", "Cycles", "Software", "Labs", "Museum", "Sport", "Travel", "Foods", "Garden",
    "Verlag", "Studio", "Audio", "Festival", "Library", "Shop", "Club", "Radio",
)  # fmt: skip
_PEOPLE_FIRST = (
    "Mira", "Jonas", "Aisha", "Pavel", "Lucía", "Chiara", "Bram", "Ewa", "Deniz", "Irina", "Omar",
    "Asha", "Budi", "Linh", "Minjun", "Hana", "Wei", "Noor", "Tomás", "Elodie", "Karin", "Ravi",
)  # fmt: skip
_PEOPLE_LAST = (
    "Voss", "Okafor", "Lindqvist", "Moreau", "Santos", "Bianchi", "Kowal", "Demir", "Petrenko",
    "Haddad", "Rao", "Wijaya", "Tran", "Han", "Mori", "Chen", "Bell", "Salgado", "Brandt", "Quist",
)  # fmt: skip
_GROUPS = (
    "Chess Club", "Rowing Club", "Choir", "Film Circle", "Reading Group", "Bakery", "Allotments",
    "Supporters", "Notebook", "Journal", "Kitchen", "Workshop", "Cycling", "Books", "Cinema",
)  # fmt: skip
_PIRATE_FIRST = (
    "Flix", "Movie", "Stream", "Cine", "Play", "Watch", "Apk", "Mod", "Live", "Sport", "Goal",
    "Free", "Mega", "Super", "Top", "123", "Go", "Putlo", "Soap", "Crack", "Gen", "Prize", "Kino",
    "Anime", "Drama", "Book", "Pdf", "Soft", "Key", "Foot",
)  # fmt: skip
_PIRATE_SECOND = (
    "zone", "hub", "4u", "hd", "box", "land", "city", "ora", "ify", "world", "bite", "max", "24",
    "tv", "club", "pro", "x", "ly", "ster", "verse", "365", "plus", "base", "house", "mania",
)  # fmt: skip


def company_name(rng: Random) -> str:
    """Invent an honest organisation; its address is its name."""
    return f"{rng.choice(_COMPANY_FIRST)} {rng.choice(_COMPANY_SECOND)}"


def person_name(rng: Random) -> str:
    """Invent a person."""
    return f"{rng.choice(_PEOPLE_FIRST)} {rng.choice(_PEOPLE_LAST)}"


def neighbour_name(rng: Random) -> str:
    """Invent someone small whom honest pages link to: a friend's blog, a local club."""
    if rng.random() < 0.4:
        return person_name(rng)
    return f"{rng.choice((*_PEOPLE_LAST, *_COMPANY_FIRST))} {rng.choice(_GROUPS)}"


def pirate_name(rng: Random) -> str:
    """Invent the name of a site that offers what is not its own."""
    first, second = rng.choice(_PIRATE_FIRST), rng.choice(_PIRATE_SECOND)
    return f"{first}{second if rng.random() < 0.6 else second.capitalize()}"


def host_label(name: str) -> str:
    """Write a name as a host label: its letters and digits, lower case."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(char for char in plain if char.isascii() and char.isalnum())
