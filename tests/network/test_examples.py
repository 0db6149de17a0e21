"""The contract's examples: each message has one, it fits its schema and is worked out as the contract says."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jsonschema import Draft202012Validator

from network.limits import Limits
from tests.network.contract import Broken, check_shape, contract
from tests.network.packing import canonical, sha256

PREFIX = "#/components/schemas/"
ENTRIES = re.compile(r"`[^`]*\.json`[^(]*\((\w+)\b")


def schemas() -> dict[str, Any]:
    told: dict[str, Any] = contract()["components"]["schemas"]
    return told


def messages(document: dict[str, Any]) -> set[str]:
    """The schemas of what goes over the line or into a package: of bodies, of answers, of entries, of manifests, and of what lies in them."""
    known = document["components"]["schemas"]
    found = {"PackageManifest", "AnswerManifest", *ENTRIES.findall(document["info"]["description"])} & set(known)
    waiting = [*_named(document["paths"]), *_named(document["components"]["responses"]), *found]
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting += [inner for inner in _named(known[name]) if inner not in found]
    return {name for name in found if known[name].get("type") == "object"}


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("$ref", "x-each") and str(value).startswith(PREFIX):
                yield value.removeprefix(PREFIX)
            else:
                yield from _named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _named(value)


def without_example(document: dict[str, Any]) -> set[str]:
    """The messages that show none."""
    return {name for name in messages(document) if not document["components"]["schemas"][name].get("examples")}


def check_members(name: str, example: dict[str, Any]) -> None:
    """Raises Broken for a member of an example that its schema does not name: a reader would take it for one the service gives."""
    schema = schemas()[name]
    strange = set(example) - set(schema["properties"])
    if strange and "additionalProperties" not in schema:
        raise Broken(f"{name} knows no {sorted(strange)}")


def test_every_message_has_an_example() -> None:
    assert {"Capabilities", "Receipt", "Result", "Page", "Anchor", "AnswerManifest", "EnrolledByPackage", "Problem"} <= messages(contract())
    assert without_example(contract()) == set()


@pytest.mark.parametrize("name", ["Capabilities", "Result", "EnrolledByPackage", "PackageEntry"])
def test_a_message_without_an_example_is_seen(name: str) -> None:
    """The deliberately broken contract: one example is gone, of an answer, of what lies in one, of an entry of a package, of a manifest."""
    broken = copy.deepcopy(contract())
    del broken["components"]["schemas"][name]["examples"]
    assert without_example(broken) == {name}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schemas_are_sound_and_their_examples_fit(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    for example in schema.get("examples", ()):
        check_shape({"$ref": f"{PREFIX}{name}"}, example)
        if schema.get("type") == "object":
            check_members(name, example)


def test_an_example_that_does_not_fit_is_seen() -> None:
    (page,) = schemas()["Page"]["examples"]
    with pytest.raises(Broken, match="required"):
        check_shape({"$ref": f"{PREFIX}Page"}, {name: value for name, value in page.items() if name != "cursor"})
    with pytest.raises(Broken, match="next_cursor"):
        check_members("Page", page | {"next_cursor": ""})


def test_the_example_of_a_signature_is_a_signature() -> None:
    (anchor,), (key,) = schemas()["Anchor"]["examples"], schemas()["ServiceKey"]["examples"]
    raw = base64.b64decode(key["public_key"])
    assert anchor["key_id"] == key["key_id"] == sha256(raw)[:16]
    signed = {name: value for name, value in anchor.items() if name != "signature"}
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(anchor["signature"]), b"yixiang anchor 1\n" + canonical(signed))


def test_the_example_of_a_digest_is_that_of_the_page_it_stands_in() -> None:
    (page,) = schemas()["Page"]["examples"]
    lines = "".join(f"{item['kind']}\0{item['id']}\0{item['token']}\0{sha256(canonical(item['body']))}\n" for item in page["items"])
    told = page["digest"]
    assert told["digest"] == told["kinds"]["instrument"]["digest"] == sha256(lines.encode())
    assert (told["n_entities"], told["cursor"]) == (len(page["items"]), page["cursor"])


def test_the_example_of_capabilities_is_what_a_service_says_of_itself() -> None:
    (told,) = schemas()["Capabilities"]["examples"]
    usual = Limits()
    assert told["limits"] == {name: getattr(usual, name) for name in told["limits"]}
    assert told["contract"] == contract()["info"]["version"]
    named = schemas()["Kinds"]["properties"]
    assert told["kinds"] == [name for name, kind in named.items() if told["role"] in kind["x-roles"]], json.dumps(told["kinds"])
