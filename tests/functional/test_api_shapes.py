"""Every answer has exactly the shape that the OpenAPI document says."""

import pytest

from model.url import expression_hash
from service.api import schemas

URL = "https://films.example/lighthouse"
OF_URL = expression_hash("films.example/lighthouse")[:4].hex()
PAGE = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"


@pytest.fixture(autouse=True)
def _checked(api, world):
    world.pages[URL] = PAGE
    decision = {"url": URL, "ruling": "unsure", "scope": "host", "note": "?"}
    made = api.post("/v1/decisions", json=decision)
    schemas.DecisionOut.model_validate_json(made.data)
    schemas.VerdictOut.model_validate_json(api.post("/v1/check", json={"url": URL}).data)


@pytest.mark.parametrize(
    ("shape", "method", "path", "body"),
    [
        ("VerdictOut", "POST", "/v1/check", {"url": URL}),
        ("VerdictOut", "POST", "/v1/check", {"url": "https://gone.example/"}),
        ("BatchOut", "POST", "/v1/check/batch", {"urls": [URL, "x"]}),
        ("BatchOut", "POST", "/v1/check/batch", {"urls": ["https://a.example/"], "wait": 0}),
        ("VerdictOut", "POST", "/v1/judge", {"html": PAGE}),
        ("VerdictOut", "GET", f"/v1/lookup?url={URL}", None),
        ("LookupOut", "POST", "/v1/lookup", {"urls": [URL, "https://a.example/", "x"]}),
        ("PrefixesFindOut", "POST", "/v1/prefixes/find", {"prefixes": ["00000000", OF_URL]}),
        ("ReportOut", "POST", "/v1/reports", {"url": URL, "says": "bait"}),
        ("ReportsOut", "GET", "/v1/reports", None),
        ("NewWebhookOut", "POST", "/v1/webhooks", {"url": URL}),
        ("WebhooksOut", "GET", "/v1/webhooks", None),
        ("ProblemOut", "POST", "/v1/check", {"url": "x"}),
        ("ProblemOut", "POST", "/v1/check", {}),
        ("ProblemOut", "GET", "/v1/scans/x", None),
        ("HealthOut", "GET", "/healthz", None),
        ("ReadyOut", "GET", "/readyz", None),
    ],
)
def test_an_answer_has_its_documented_shape(api, shape, method, path, body):
    answer = api.open(path, method=method, json=body)
    getattr(schemas, shape).model_validate_json(answer.data)


def test_a_scan_has_its_documented_shape_before_and_after(api, world):
    world.gate.clear()
    sent = api.post("/v1/check", json={"url": URL, "fresh": True, "wait": 0})
    assert schemas.ScanOut.model_validate_json(sent.data).verdict is None
    world.gate.set()
    api.post("/v1/check", json={"url": URL, "fresh": True})
    done = schemas.ScanOut.model_validate_json(api.get(sent.headers["Location"]).data)
    assert done.verdict.verdict == "bait"
