"""What the ledger keeps as one written text (the terms of a price or scheme, a calculation, findings), in lines as people read it elsewhere.

On the wire it is JSON or cells with bars between them; whoever agrees to send it, or chooses between two of it, reads words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

from desktop.actions import explaining, fee_words, scheme_words
from desktop.ledger import allocation_json, fee_terms_json
from desktop.ledger.allocation import WrittenScheme
from desktop.rules import figure_json
from desktop.store.sync_rows import TREE_AWAY
from desktop.words import known, say

N_TREE_LINES = 60
"""Lines of a calculation that are shown beside the other fields of a run; the rest is told by their number."""

_ANY_DAY = date(2000, 1, 1)  # a scheme's name and day are fields of their own


def lines(kind: str, name: str, value: object) -> tuple[str, ...] | None:
    """A written text in lines; () for one that says nothing, None for any other field and for a text that cannot be read."""
    reader = _READERS.get((kind, name))
    if reader is None or not isinstance(value, str):
        return None
    try:
        return tuple(reader(value))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _terms(text: str) -> list[str]:
    terms = fee_terms_json.from_json(text)
    return [] if terms is None else fee_words.terms_lines(terms)


def _published(text: str) -> list[str]:
    return [fee_words.published(text)] if text else []


def _scheme(text: str) -> list[str]:
    return scheme_words.lines(allocation_json.read(WrittenScheme("", "", _ANY_DAY, "", text)))


def _calculation(text: str) -> list[str]:
    if text == TREE_AWAY:
        return [say("payout.tree_away")]
    if not json.loads(text):
        return []
    told = explaining.as_lines(figure_json.from_json(text))
    left = len(told) - N_TREE_LINES
    return told if left <= 0 else [*told[:N_TREE_LINES], say("sync.tree_goes_on", n=left)]


def _findings(text: str) -> list[str]:
    return [say(code, **dict(params)) for code, _, params, *_ in json.loads(text)]


def _answers(text: str) -> list[str]:
    told = []
    for answer in json.loads(text):
        code, _, reason = answer.partition("=")
        problem = say(f"problem_kind.{code}") if known(f"problem_kind.{code}") else code
        told.append(say("sync.accepted_problem", problem=problem, reason=reason))
    return told


def _hits(text: str) -> list[str]:
    """The sets a search found, each with its institution and why it could not serve."""
    told = []
    for hit in json.loads(text):
        name, institution, *why_not = json.loads(hit)
        reason = "".join(why_not)
        told.append(say("sync.hit_why_not" if reason else "sync.hit", name=name, institution=institution, reason=reason))
    return told


_READERS: Mapping[tuple[str, str], Callable[[str], list[str]]] = {
    ("fee_line", "terms"): _terms,
    ("fee_line", "source_text"): _published,
    ("scheme", "terms"): _scheme,
    ("payout_run", "figure"): _calculation,
    ("payout_run", "findings"): _findings,
    ("service_record", "answers"): _answers,
    ("province_search", "hits"): _hits,
}
