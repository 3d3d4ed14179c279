"""What people choose for themselves or for others: passwords, names."""

from __future__ import annotations

from collections.abc import Mapping

from service.desk.language import gettext
from service.errors import InvalidRequestError

LONGEST_NAME = 64
SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 1_000
_FEWEST_SIGNS = 5


def chosen_password(form: Mapping[str, str], account_name: str) -> str:
    """Read a new password, given twice, from a form.

    Length is asked for and no mix of signs (NIST SP 800-63B-4, 3.1.1.2). Raises
    InvalidRequestError where it is too short or long, easily guessed, or the two differ.
    """
    password = form.get("password", "")
    if password != form.get("again", ""):
        raise InvalidRequestError(gettext("The two passwords differ: write the same one twice."))
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise InvalidRequestError(
            gettext(
                "A password has %(least)s to %(most)s characters; several words make a good one.",
                least=SHORTEST_PASSWORD,
                most=_LONGEST_PASSWORD,
            )
        )
    if len(set(password)) < _FEWEST_SIGNS or account_name.casefold() in password.casefold():
        raise InvalidRequestError(
            gettext("This password is easily guessed: use more different signs, and not your name.")
        )
    return password


def chosen_name(form: Mapping[str, str]) -> str:
    """Read the name of an account or a key from a form.

    Raises InvalidRequestError where it is empty, too long, or not wholly visible.
    """
    name = form.get("name", "").strip()
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise InvalidRequestError(
            gettext("A name has 1 to %(most)s visible characters.", most=LONGEST_NAME)
        )
    return name
