"""Every call of the OpenAPI document under generated requests: as documented, and never a 5xx."""

from collections import Counter
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

URL = "https://a.example/"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_call_answers_as_documented_whatever_is_asked(app, api, world, mode):
    world.pages[URL] = "<p>Honest words.</p>"
    key = {"Authorization": api.environ_base["HTTP_AUTHORIZATION"]}
    document = api.get("/v1/openapi.json").get_json()
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    operations = [found.ok() for found in schema.get_all_operations()]
    statuses = Counter()
    for operation in operations:

        @hypothesis_settings(
            max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            if mode.is_positive and isinstance(case.body, dict) and "url" in case.body:
                case.body["url"] = URL  # any text is generated, and hardly ever an address
            answer = case.call_and_validate(headers=key, checks=CHECKS)
            statuses[answer.status_code] += 1

        with suppress(Unsatisfiable):  # a call without parameters cannot be asked wrongly
            ask()
    assert len(operations) >= 15
    assert set(statuses) > ({200, 201} if mode.is_positive else {400})
