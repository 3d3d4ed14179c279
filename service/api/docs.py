"""GET /v1/docs: the OpenAPI document as a page for people, without a script or a foreign file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, make_response, render_template

docs = APIBlueprint("docs", __name__, template_folder="templates", url_prefix="/v1/docs")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request or an answer, or one parameter."""

    name: str
    kind: str
    needed: bool
    about: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API; ``scope`` is None where no key is needed."""

    method: str
    path: str
    summary: str
    about: str
    scope: str | None
    asked: tuple[Field, ...]
    answered: tuple[tuple[str, str, tuple[Field, ...]], ...]

    @property
    def anchor(self) -> str:
        """A name for the call within the page."""
        return f"{self.method} {self.path}".lower().translate(_PLAIN)


_PLAIN = str.maketrans({" ": "-", "/": "-", "{": None, "}": None, ".": "-"})


@docs.get("")
@docs.doc(hide=True)
def page() -> Response:
    """Show every call."""
    document = cast("APIFlask", current_app).spec
    calls = list(_calls(cast("Mapping[str, Any]", document)))
    return make_response(render_template("api/docs.html", calls=calls))


def _calls(document: Mapping[str, Any]) -> Iterator[Call]:
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            security = operation.get("security", [])
            scopes = [scope for one in security for every in one.values() for scope in every]
            body = operation.get("requestBody", {}).get("content", {})
            asked = [
                Field(one["name"], _kind(one["schema"]), one["required"], one["in"])
                for one in operation.get("parameters", [])
            ]
            yield Call(
                method.upper(),
                path,
                operation["summary"],
                operation.get("description", ""),
                scopes[0] if scopes else None,
                (*asked, *_fields(body, schemas)),
                tuple(
                    (status, response["description"], _fields(response.get("content", {}), schemas))
                    for status, response in sorted(operation["responses"].items())
                ),
            )


def _fields(content: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[Field, ...]:
    """List the fields of a JSON object; errors have their one form, which is shown once."""
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = schemas[_named(schema)]
    needed = schema.get("required", [])
    return tuple(
        Field(name, _kind(one), name in needed, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    )


def _named(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _kind(schema: Mapping[str, Any]) -> str:
    """Say in words what a value may be."""
    if "$ref" in schema:
        return _named(schema).rpartition(".")[2].removesuffix("Out")
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = [f"{word} {schema[key]}" for key, word in _BOUNDS.items() if key in schema]
    return ", ".join([str(schema.get("type", "any")), *bounds])


_BOUNDS = {"minimum": "from", "maximum": "to", "maxLength": "at most this long:"}
