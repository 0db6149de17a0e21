"""A sentence as code and parameters, so that one rule can be said in either language and stored in Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from desktop import words


@dataclass(frozen=True, slots=True)
class Phrase:
    """``code`` names the words; a parameter is text or a phrase said in the same language."""

    code: str
    params: tuple[tuple[str, str | Phrase], ...] = ()

    def told(self, language: words.Language | None = None) -> str:
        """The sentence in a language; None: the language in use."""
        chosen = language or words.language()
        filled = {name: value.told(chosen) if isinstance(value, Phrase) else value for name, value in self.params}
        return words.say_in(chosen, self.code, **filled)


def phrase(code: str, /, **params: str | int | Decimal | Phrase) -> Phrase:
    """A phrase with its parameters by name."""
    return Phrase(code, tuple((name, value if isinstance(value, str | Phrase) else str(value)) for name, value in params.items()))


def sentence(parts: Iterable[Phrase], language: words.Language | None = None) -> str:
    """Phrases said one after the other."""
    return words.say_in(language or words.language(), "fee.joiner").join(part.told(language) for part in parts)


def class_name(customer_class: str) -> str:
    """The code of the words for a customer class; a class of the institution's own is shown as it was entered."""
    code = f"fee.class.{customer_class}"
    return code if words.known(code) else customer_class


def class_words(customer_class: str) -> str:
    """A customer class in the language in use; one of the institution's own as it was entered."""
    name = class_name(customer_class)
    return words.say(name) if name != customer_class else name


def time_name(minutes: int) -> Phrase:
    """A length of time in the largest unit that fits: 90 minutes, 2 hours, 1 day of 24 hours."""
    for code, size in (("fee.time.days", 1440), ("fee.time.hours", 60)):
        if minutes and minutes % size == 0:
            return phrase(code, n=minutes // size)
    return phrase("fee.time.minutes", n=minutes)


def percent(rate: Decimal) -> str:
    """``0.45`` -> ``45%``."""
    return f"{plain(rate * 100)}%"


def plain(value: Decimal) -> str:
    """``Decimal("1.50")`` -> ``1.5``, ``Decimal("8E+2")`` -> ``800``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
