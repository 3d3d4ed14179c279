"""docs/api.md names every route, and no other."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def written(rule):
    return rule.replace("<", "{").replace(">", "}")


def test_every_call_of_the_api_is_documented_and_every_documented_call_exists(app):
    routes = {
        f"{method} {written(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith("desk.")
    }
    documented = set(re.findall(r"^\| `((?:GET|POST|DELETE) [^`]+)`", PAGE, re.MULTILINE))
    assert documented == routes


def test_the_scope_of_every_call_is_the_documented_one(app):
    rows = re.findall(r"^\| `(\w+) (/v1[^`]+)` \| (\w+) \|", PAGE, re.MULTILINE)
    documented = {(method, path): scope for method, path, scope in rows if scope != "none"}
    for rule in app.url_map.iter_rules():
        path = written(rule.rule)
        for method in rule.methods:
            if (method, path) in documented:
                roles = app.view_functions[rule.endpoint]._spec["roles"]
                assert roles == [documented.pop((method, path))]
    assert documented == {}
