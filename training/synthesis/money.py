"""Sums of money as people write them: in their currency, with its usual sizes and separators."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Currency:
    """How one language writes money.

    ``worth`` is roughly what one euro is in this currency; ``comma`` stands before the cents of
    small prices, and "" where nobody writes cents; ``thousands`` between groups of three digits.
    """

    pattern: str
    worth: int
    comma: str
    thousands: str


_CURRENCIES = {
    "en": (Currency("${}", 1, ".", ","), Currency("£{}", 1, ".", ",")),
    "es": (Currency("{} €", 1, ",", "."), Currency("${}", 20, "", ",")),
    "pt": (Currency("R$ {}", 5, ",", "."), Currency("{} €", 1, ",", " ")),
    "fr": (Currency("{} €", 1, ",", " "),),
    "de": (Currency("{} €", 1, ",", "."), Currency("{} Euro", 1, ",", ".")),
    "it": (Currency("{} €", 1, ",", "."), Currency("{} euro", 1, ",", ".")),
    "nl": (Currency("€ {}", 1, ",", "."), Currency("{} euro", 1, ",", ".")),
    "pl": (Currency("{} zł", 4, ",", " "),),
    "tr": (Currency("{} TL", 40, "", "."), Currency("₺{}", 40, "", ".")),
    "ru": (Currency("{} ₽", 90, "", " "), Currency("{} руб.", 90, "", " ")),
    "ar": (Currency("{} جنيه", 50, "", ","), Currency("{} ريال", 4, "", ",")),
    "hi": (Currency("₹{}", 90, "", ","), Currency("{} रुपये", 90, "", ",")),
    "id": (Currency("Rp{}", 17_000, "", "."), Currency("Rp {}", 17_000, "", ".")),
    "vi": (Currency("{}đ", 28_000, "", "."), Currency("{} đồng", 28_000, "", ".")),
    "ko": (Currency("{}원", 1_500, "", ","),),
    "ja": (Currency("{}円", 160, "", ","), Currency("¥{}", 160, "", ",")),
    "zh": (Currency("{}元", 8, ".", ""), Currency("¥{}", 8, ".", "")),
}  # fmt: skip
_SUMS = (20, 50, 100, 200, 250, 300, 500, 750, 1000, 1500, 2500, 5000)


def draw_currency(rng: Random, lang: str) -> Currency:
    """Draw the currency of one page."""
    return rng.choice(_CURRENCIES[lang])


def sum_of_money(rng: Random, currency: Currency) -> str:
    """Write a sum worth a promise: a prize, a wage, a refund."""
    whole = rng.choice(_SUMS) * currency.worth
    if currency.worth == 1 and rng.random() < 0.3:
        whole += rng.randint(1, 99)
    cents = f"{currency.comma}{rng.randint(0, 99):02}" if rng.random() < 0.12 else ""
    return _written(_rounded(whole), currency, cents if currency.comma else "")


def price(rng: Random, currency: Currency) -> str:
    """Write a small price: a fee, a ticket, a month's subscription."""
    whole = _rounded(rng.randint(1, 29) * currency.worth)
    ending = rng.choice(("", "", "99", "90", "49", "50", "95"))
    cents = f"{currency.comma}{ending}" if ending and currency.comma else ""
    return _written(whole, currency, cents)


def _rounded(whole: int) -> int:
    """Keep two digits that matter, as prices have."""
    digits = len(str(whole))
    return whole if digits < 4 else round(whole, 2 - digits)


def _written(whole: int, currency: Currency, cents: str) -> str:
    grouped = f"{whole:,}".replace(",", currency.thousands) if currency.thousands else str(whole)
    return currency.pattern.format(grouped + cents)
