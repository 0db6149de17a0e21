"""The contract as the tests use it: where a request belongs, what may be sent there, what may come back.

It reads ``resources/network/openapi.yaml`` alone; nothing of the service's or the client's own code decides here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema_rs
import yaml

from desktop import resource

JSON, PROBLEM = "application/json", "application/problem+json"


class Broken(AssertionError):
    """A request or an answer that the contract does not allow; the text says which and why."""


@cache
def contract() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(resource.path("network", "openapi.yaml").read_text(encoding="utf-8"))
    return loaded


def resolve(node: Any) -> Any:
    """The node itself, or what its reference names."""
    while isinstance(node, dict) and "$ref" in node:
        target: Any = contract()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


@cache
def _validator(written: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(written) | {"components": contract()["components"]})


def check_shape(schema: Any, value: Any) -> None:
    """Raises Broken unless the value fits; where a list says ``x-each``, each member must fit that schema too."""
    for error in _validator(json.dumps(schema)).iter_errors(value):
        raise Broken(f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}")
    for name, member in resolve(schema).get("properties", {}).items():
        each = _validator(json.dumps({"$ref": member["x-each"]})) if "x-each" in member else None
        for item in value.get(name, []) if each is not None else []:
            for error in each.iter_errors(item):
                raise Broken(f"{name}: {'/'.join(map(str, error.instance_path))}: {error.message[:200]}")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation and the values its path took."""

    template: str
    method: str
    operation: dict[str, Any]
    values: dict[str, str]


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path.replace(".", r"\."))), path) for path in contract()["paths"]]


def find(method: str, path: str) -> Route:
    """The operation a request asks for. Raises Broken when there is none."""
    found = [(match, template) for pattern, template in _patterns() if (match := pattern.fullmatch(path))]
    for match, template in found:
        operation = contract()["paths"][template].get(method.lower())
        if operation is not None:
            return Route(template, method, operation, {name: unquote(value) for name, value in match.groupdict().items()})
    raise Broken(f"{method} {path} is not in the contract")


def check_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Route:
    """Raises Broken unless the request is one the contract allows. ``target`` is path and query, ``body`` as sent."""
    path, _, query = target.partition("?")
    route = find(method, path)
    told = f"{method} {route.template}"
    given = {name.lower(): value for name, value in headers.items()}
    asked = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    parameters = [resolve(each) for each in route.operation.get("parameters", ())]
    for parameter in parameters:
        source = {"path": route.values, "query": asked, "header": given}[parameter["in"]]
        name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
        if name not in source:
            if parameter["required"]:
                raise Broken(f"{told}: {name} is missing")
            continue
        check_shape(parameter["schema"], _written(parameter["schema"], source[name]))
    strange = set(asked) - {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
    if strange:
        raise Broken(f"{told}: the contract knows no {sorted(strange)}")
    secured = route.operation.get("security", contract()["security"]) != []
    if secured != given.get("authorization", "").startswith("Bearer "):
        raise Broken(f"{told}: {'without' if secured else 'with'} an access token")
    check_digest(told, given, body)
    _check_body(told, route.operation.get("requestBody"), given, body)
    return route


def _check_body(told: str, declared: Any, headers: Mapping[str, str], body: bytes) -> None:
    if declared is None:
        if body:
            raise Broken(f"{told}: takes no body")
        return
    media = headers.get("content-type", "").partition(";")[0]
    if media not in declared["content"]:
        raise Broken(f"{told}: content type {media!r}")
    if media == JSON:
        try:
            value = json.loads(plain(headers, body).decode("utf-8"))
        except (ValueError, zlib.error) as error:
            raise Broken(f"{told}: not JSON: {error}") from error
        check_shape(declared["content"][media]["schema"], value)


def check_answer(route: Route, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Raises Broken unless the answer is one the contract declares for the operation. ``body`` as received."""
    told = f"{route.method} {route.template}: {status}"
    given = {name.lower(): value for name, value in headers.items()}
    declared = resolve(route.operation["responses"].get(str(status)))
    if declared is None:
        raise Broken(f"{told} is not declared")
    _check_headers(told, declared.get("headers", {}), given)
    media = given.get("content-type", "").partition(";")[0]
    if media not in declared["content"]:
        raise Broken(f"{told}: content type {media!r}")
    check_digest(told, given, body)
    if media in (JSON, PROBLEM):
        value = json.loads(plain(given, body).decode("utf-8"))
        check_shape(declared["content"][media]["schema"], value)
        if media == PROBLEM:
            _check_problem(told, route, status, value)


def _check_headers(told: str, declared: Mapping[str, Any], given: Mapping[str, str]) -> None:
    for name, reference in declared.items():
        header = resolve(reference)
        if name.lower() in given:
            check_shape(header["schema"], _written(header["schema"], given[name.lower()]))
        elif header["required"]:
            raise Broken(f"{told}: without {name}")


def _written(schema: Any, text: str) -> int | str:
    """What a parameter or a header says: the whole number where its schema wants one and it is one."""
    whole = resolve(schema).get("type") == "integer" and re.fullmatch(r"-?[0-9]+", text)
    return int(text) if whole else text


def _check_problem(told: str, route: Route, status: int, problem: dict[str, Any]) -> None:
    code = problem["code"]
    known = contract()["x-problems"][code]
    if (problem["status"], known["status"], problem["action"]) != (status, status, known["action"]):
        raise Broken(f"{told}: {code} is declared otherwise")
    if code not in codes(route):
        raise Broken(f"{told}: {code} is not declared for the operation")


def codes(route: Route) -> set[str]:
    """The problem codes an operation may answer with."""
    allowed = set(contract()["x-problems-of-any-operation"]) | set(route.operation.get("x-problems", ()))
    if route.operation.get("security", contract()["security"]) != []:
        allowed |= set(contract()["x-problems-of-secured-operations"])
    if "requestBody" in route.operation:
        allowed |= set(contract()["x-problems-of-bodies"])
    return allowed


def digest_header(content: bytes) -> str:
    """The Content-Digest header of these bytes."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def check_digest(told: str, headers: Mapping[str, str], body: bytes) -> None:
    named = headers.get("content-digest")
    if named is not None and named != digest_header(body):
        raise Broken(f"{told}: the digest is not that of the bytes")


def plain(headers: Mapping[str, str], body: bytes) -> bytes:
    """The decoded body."""
    coding = headers.get("content-encoding", "identity")
    if coding == "gzip":
        return zlib.decompress(body, wbits=31)
    if coding != "identity":
        raise Broken(f"content coding {coding!r}")
    return body
