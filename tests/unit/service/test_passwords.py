"""Passwords and the brake on guessing them."""

from service.desk.throttle import Throttle
from service.passwords import Passwords, new_password


def test_a_password_matches_its_own_hash_only():
    passwords = Passwords()
    kept = passwords.hash("a long enough word")
    assert kept.startswith("$argon2id$")
    assert passwords.match("a long enough word", kept)
    assert not passwords.match("another", kept)
    assert not passwords.match("a long enough word", None)
    assert not passwords.match("x", "no hash at all")


def test_new_passwords_are_long_and_differ():
    assert len({new_password() for _ in range(50)}) == 50
    assert min(len(new_password()) for _ in range(50)) == 20


def test_failures_are_counted_by_name_and_address_and_forgotten_after_success():
    throttle = Throttle(lambda: 0.0)
    for _ in range(5):
        throttle.failed("mod", "192.0.2.1")
    assert not throttle.allows("mod", "192.0.2.1")
    assert throttle.allows("mod", "192.0.2.2")
    assert throttle.allows("other", "192.0.2.1")
    throttle.succeeded("mod", "192.0.2.1")
    assert throttle.allows("mod", "192.0.2.1")
