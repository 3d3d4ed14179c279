"""JSON at the edge: what may come in, and how it goes out."""

from __future__ import annotations

import json
from typing import Any

from flask.json.provider import DefaultJSONProvider

from service.errors import InvalidJsonError

# Every request of the API is at most three levels deep.
_DEEPEST = 16
_LARGEST_INTEGER = 2**63 - 1


class StrictJson(DefaultJSONProvider):
    """Reads JSON as strictly as its standard allows: what is refused here fails nowhere later.

    Refused are lone surrogates (no UTF-8 form), integers beyond 64 bits, NaN and infinities,
    repeated names, and deep nesting. Keeps the order of keys on the way out.
    """

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ANN401
        """Parse a body. Raises InvalidJsonError."""
        try:
            value = json.loads(
                s,
                parse_int=_integer,
                parse_constant=_refuse_constant,
                object_pairs_hook=_named_once,
                **kwargs,
            )
        except RecursionError:
            raise InvalidJsonError("The JSON is nested too deeply: flatten it.") from None
        except ValueError as error:
            raise InvalidJsonError(f"The body is not JSON that can be read: {error}.") from None
        _check(value)
        return value


def _integer(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) > _LARGEST_INTEGER:
        raise ValueError("an integer has more than 64 bits")
    return int(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object has the same name twice")
    return members


def _check(value: Any) -> None:  # noqa: ANN401
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _refuse_surrogates(item)
            elif isinstance(item, dict):
                below.extend(item.keys())
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        level = below
        if not level:
            return
    raise InvalidJsonError("The JSON is nested too deeply: flatten it.")


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidJsonError(
            "A text holds half of a surrogate pair, which is no character: leave it out."
        ) from None
