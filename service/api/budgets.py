"""What a caller may spend: each call costs its key and its address a part of a minute's budget."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from flask import Flask, Response, g, request

from service.api.auth import caller
from service.errors import TooManyRequestsError
from service.limits import Counters, Spent
from service.parts import parts
from service.settings import Settings
from service.store.keys import ApiKey

Budget = Literal["checks", "lookups"]


def set_up_budgets(app: Flask) -> None:
    """Have every call of the API cost its address, and every answer say what is left."""
    app.before_request(_charge_address)
    app.after_request(_say_what_is_left)


def charge(budget: Budget, cost: int = 1) -> None:
    """Have the current call cost its key so many checks, or addresses looked up.

    Raises TooManyRequestsError.
    """
    spent = of_key(parts().counters, parts().service.settings, caller(), budget, cost)
    g.spent = spent
    if not spent.taken:
        _refuse(spent, f"This API key may make {spent.most} {budget} a minute.")


def of_key(counters: Counters, settings: Settings, key: ApiKey, budget: Budget, cost: int) -> Spent:
    """Take a cost from a key's budget; one larger than a whole minute's costs that."""
    most = settings.limit_checks if budget == "checks" else settings.limit_lookups
    return counters.spend(f"{budget}:{key.id}", most, min(cost, most))


def of_address(counters: Counters, settings: Settings, address: str) -> Spent:
    """Take one request from the budget of a network address."""
    return counters.spend(f"address:{_network(address)}", settings.limit_address, 1)


def _charge_address() -> None:
    if not request.path.startswith("/v1/") or request.method == "OPTIONS":
        return
    spent = of_address(parts().counters, parts().service.settings, request.remote_addr or "")
    g.spent = spent
    if not spent.taken:
        _refuse(spent, f"This address may make {spent.most} requests a minute.")


def _network(address: str) -> str:
    """Name whom an address stands for: with IPv6 everybody has a whole network of them."""
    if ":" not in address:
        return address
    found = ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or ip_network((found, 64), strict=False))


def _refuse(spent: Spent, rule: str) -> None:
    raise TooManyRequestsError(f"{rule} Wait {spent.seconds} seconds.", spent.seconds)


def _say_what_is_left(response: Response) -> Response:
    spent: Spent | None = g.get("spent")
    if spent is not None:
        response.headers.add("RateLimit-Limit", str(spent.most))
        response.headers.add("RateLimit-Remaining", str(spent.left))
        response.headers.add("RateLimit-Reset", str(spent.seconds))
    return response
