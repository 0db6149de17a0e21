"""What the national platform asks of a service and no service record holds: its project, where the set was moved to, customs and duty."""

from __future__ import annotations

from dataclasses import dataclass

STATED: tuple[str, ...] = ("project", "income", "area", "content", "email", "moved_to", "customs_notice", "duty_paid", "handler")
"""The names of what is stated, in the order of the exchange; last what stands in its annex alone."""


@dataclass(frozen=True, slots=True)
class NationalService:
    """All texts as they are sent; "" where nobody stated one, which is sent as 无.

    ``project`` 课题名称, ``income`` its funding (one of the platform's words), ``area`` its discipline, ``content`` what it is about;
    ``email`` is the applicant's (personal data); ``moved_to`` where the set was moved to for the service, "" when it stayed in the unit;
    ``customs_notice`` and ``duty_paid`` are the customs notice and the proof of duty of a duty-free set. ``handler`` 经办人 is who handled the money
    received: it is sent nowhere and stands in the annex of the yearly effect.
    """

    id: str
    record_id: str
    project: str = ""
    income: str = ""
    area: str = ""
    content: str = ""
    email: str = ""
    moved_to: str = ""
    customs_notice: str = ""
    duty_paid: str = ""
    handler: str = ""
    noted_by: str = ""
