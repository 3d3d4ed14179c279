"""What a caller may spend: each call costs its key and its address a part of a minute's budget."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from flask import Flask, Response, g, request

from service.api.auth import caller
from service.errors import TooManyRequestsError
from service.limits import Spent
from service.parts import parts

Budget = Literal["checks", "lookups"]


def set_up_budgets(app: Flask) -> None:
    """Have every call of the API cost its address, and every answer say what is left."""
    app.before_request(_charge_address)
    app.after_request(_say_what_is_left)


def charge(budget: Budget, cost: int = 1) -> None:
    """Have the current call cost its key so many checks, or addresses looked up.

    A call that costs more than a whole minute's budget costs that. Raises TooManyRequestsError.
    """
    settings = parts().service.settings
    most = settings.limit_checks if budget == "checks" else settings.limit_lookups
    spent = parts().counters.spend(f"{budget}:{caller().id}", most, min(cost, most))
    g.spent = spent
    if not spent.taken:
        _refuse(spent, f"This API key may make {most} {budget} a minute.")


def _charge_address() -> None:
    if not request.path.startswith("/v1/") or request.method == "OPTIONS":
        return
    most = parts().service.settings.limit_address
    spent = parts().counters.spend(f"address:{_network(request.remote_addr or '')}", most, 1)
    g.spent = spent
    if not spent.taken:
        _refuse(spent, f"This address may make {most} requests a minute.")


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
        response.headers["RateLimit-Limit"] = str(spent.most)
        response.headers["RateLimit-Remaining"] = str(spent.left)
        response.headers["RateLimit-Reset"] = str(spent.seconds)
    return response
