"""A division of Shandong by its six-digit code (GB/T 2260)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """``code`` has six digits; ``city`` is the name of its prefecture city, ``county`` empty for the city as a whole."""

    code: str
    city: str
    county: str = ""

    @property
    def city_code(self) -> str:
        """The four digits of the prefecture city: ``370102`` -> ``3701``."""
        return self.code[:4]

    @property
    def name(self) -> str:
        """``济南市历下区``."""
        return self.city + self.county
