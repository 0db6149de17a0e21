"""The codes that a rule lists, in words: sizes of enterprises, papers, kinds of documents, states, partners, cities and counties."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.rules import rule_codes
from desktop.rules.figure import Figure


def code_words(key: str, codes: Iterable[str]) -> str:
    """The codes of a rule in words; a code without words as it is."""
    return " / ".join(rule_codes.said(key, code) for code in codes)


def of_figure(figure: Figure) -> str:
    """The words of a figure whose unit is ``codes``; "" when its value is unknown."""
    return "" if figure.value is None else code_words(figure.code.removeprefix("parameter."), str(figure.value).split(" / "))
