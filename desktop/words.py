"""Words for people: from codes and Chinese source strings to the language in use.

Lower floors carry codes (``finding.code``) and parameters; this module turns them into sentences.
``say`` looks a code up in ``resources/i18n/codes/<first segment>.toml`` where each entry has ``zh`` and ``en``;
``tr`` takes the Chinese string as it stands in the code and finds its English in ``resources/i18n/ui/*.toml``.
It knows nothing of facts, rules or screens.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Literal, TypeGuard

from desktop import resource

Language = Literal["zh", "en"]

_language: Language = "zh"
# Of a count, one or any other number of what is counted: {n} {n|row|rows}. English alone needs it.
_FORMS = re.compile(r"\{(\w+)\|([^{}|]*)\|([^{}|]*)\}")
_CODE = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")


def use(language: Language) -> None:
    """Choose the language of everything said from now on."""
    global _language
    _language = language


def language() -> Language:
    """The language in use."""
    return _language


def flatten(table: dict[str, object], prefix: str = "") -> dict[str, dict[str, str]]:
    """Dotted code -> {"zh": …, "en": …}, from nested TOML tables."""
    flat: dict[str, dict[str, str]] = {}
    for key, value in table.items():
        if not isinstance(value, dict):
            raise ValueError(f"{prefix}{key}: an entry needs zh and en")
        if set(value) <= {"zh", "en"} and all(isinstance(v, str) for v in value.values()):
            flat[prefix + key] = {str(k): str(v) for k, v in value.items()}
        else:
            flat.update(flatten(value, f"{prefix}{key}."))
    return flat


@cache
def _codes(subject: str) -> dict[str, dict[str, str]]:
    file = resource.path("i18n", "codes", f"{subject}.toml")
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return flatten(tomllib.load(stream), f"{subject}.")


@cache
def _english() -> dict[str, str]:
    words: dict[str, str] = {}
    for file in sorted(resource.path("i18n", "ui").glob("*.toml")):
        with file.open("rb") as stream:
            words.update(tomllib.load(stream))
    return words


def known(code: str) -> bool:
    """Whether a code has words."""
    return code in _codes(code.partition(".")[0])


def say(code: str, /, **params: object) -> str:
    """The sentence of a code in the language in use; a code without words is shown as it is, in brackets."""
    return say_in(_language, code, **params)


def say_in(language: Language, code: str, /, **params: object) -> str:
    """The sentence of a code in a given language: for what is stored or printed in Chinese whatever the screen shows.

    A parameter that is itself a code with words (``fee.class.internal``), or codes joined by ``|``, is said in the same language.
    """
    entry = _codes(code.partition(".")[0]).get(code)
    if entry is None:
        told = "".join(f" {k}={v}" for k, v in params.items())
        return f"[{code}{told}]"
    return _fill(entry[language], {name: _said(language, value) for name, value in params.items()})


def _said(language: Language, value: object) -> object:
    if not isinstance(value, str) or "." not in value:
        return value
    parts = value.split("|")
    if not all(_is_code(part) for part in parts):
        return value
    return ("、" if language == "zh" else ", ").join(say_in(language, part) for part in parts)


def _is_code(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None and known(value)


def tr(text: str, /, **params: object) -> str:
    """A Chinese source string in the language in use; ``{name}`` is filled from ``params``."""
    if _language == "en":
        text = _english().get(text, text)
    return _fill(text, params)


def _fill(template: str, params: dict[str, object]) -> str:
    if "|" in template:
        template = _FORMS.sub(lambda form: form[2] if str(params.get(form[1])) == "1" else form[3], template)
    for name, value in params.items():
        template = template.replace("{" + name + "}", str(value))
    return template
