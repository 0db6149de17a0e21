"""What a university states of a set for its sharing system (CERS) and the register does not hold."""

from __future__ import annotations

from dataclasses import dataclass

SHARE_LEVELS = ("0", "1", "2", "3", "4", "5", "6")
CERS_STATES = ("0", "1", "2")


STATED: tuple[str, ...] = (
    "inner_id", "assets_code", "classification_code", "alias", "application_area", "maker_certification", "country_code", "image_url", "group_id",
    "share_level", "open_calendar", "service_charge", "state", "page_url",
)  # fmt: skip
"""The names of what is stated, in the order of the system's schema."""


@dataclass(frozen=True, slots=True)
class CersSet:
    """All texts as the system asks for them; "" where nobody stated one.

    ``inner_id`` "" is the asset number, ``country_code`` "" what the country of the register says, ``image_url``, ``page_url`` and
    ``service_charge`` "" what the register has. ``share_level`` is one of SHARE_LEVELS; ``state`` one of CERS_STATES or "" (not told).
    """

    id: str
    instrument_id: str
    inner_id: str = ""
    assets_code: str = ""
    classification_code: str = ""
    alias: str = ""
    application_area: str = ""
    maker_certification: str = ""
    country_code: str = ""
    image_url: str = ""
    group_id: str = ""
    share_level: str = ""
    open_calendar: str = ""
    service_charge: str = ""
    state: str = ""
    page_url: str = ""
    noted_by: str = ""
