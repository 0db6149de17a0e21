"""What the service can answer instead of a result: RFC 9457 problems, each with a ``code`` and the ``action`` a client takes.

This table is the whole list; the contract repeats it and a test compares the two. A client acts on code and action alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["retry", "rebase", "park", "reauth", "upgrade", "resync", "stop"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: HTTP status (0: stands only in the result of one change), action, English title."""

    status: int
    action: Action
    title: str


PROBLEMS: dict[str, Kind] = {
    "auth.missing": Kind(401, "reauth", "The request carries no valid access token"),
    "auth.expired": Kind(401, "reauth", "The access token has expired: renew it with the refresh token"),
    "auth.revoked": Kind(401, "reauth", "The device has been revoked: enrol again"),
    "token.invalid": Kind(401, "reauth", "The refresh token is unknown or expired: enrol again"),
    "token.reused": Kind(401, "reauth", "A spent refresh token came back although a later one was used: the device was revoked"),
    "enrolment.refused": Kind(403, "stop", "The enrolment code is unknown, used or expired"),
    "institution.frozen": Kind(403, "stop", "The institution is frozen by the operator"),
    "device.foreign": Kind(403, "stop", "A device speaks only for itself; others are revoked by the operator"),
    "device.key_fixed": Kind(409, "stop", "The device has told another public key before"),
    "epoch.missing": Kind(400, "stop", "The request does not name the epoch"),
    "epoch.changed": Kind(409, "resync", "The service was restored: hand back the feed tail, then start a new run"),
    "schema.unsupported": Kind(409, "upgrade", "The schema of the batch lies outside the range of the service"),
    "body.digest": Kind(400, "retry", "The bytes received do not have the digest that was named"),
    "body.encoding": Kind(415, "stop", "The content type or coding is not accepted"),
    "body.malformed": Kind(400, "stop", "The body is not JSON of the expected shape"),
    "body.too_large": Kind(413, "stop", "The body is above the size limit"),
    "request.invalid": Kind(400, "stop", "A parameter of the request is not valid"),
    "batch.too_many": Kind(413, "stop", "The batch holds more changes than the limit"),
    "batch.key_reused": Kind(409, "stop", "The batch key was used for other bytes"),
    "batch.unknown": Kind(404, "retry", "No batch of this key was received: send it"),
    "cursor.invalid": Kind(400, "resync", "The cursor is not one of this service"),
    "entity.unknown": Kind(404, "resync", "The service does not hold this entity"),
    "blob.unknown": Kind(404, "rebase", "No file of this digest is here: declare it, then send its parts"),
    "blob.size": Kind(409, "park", "A file of this digest was declared with another size"),
    "blob.part": Kind(400, "stop", "The part has the wrong number or size"),
    "blob.digest": Kind(409, "park", "The parts together do not have the digest of the file: all were dropped"),
    "blob.type": Kind(415, "park", "The first bytes are not those of a type that is taken: all parts were dropped"),
    "blob.too_large": Kind(413, "park", "The file is above the size limit"),
    "package.damaged": Kind(400, "stop", "The package differs from what was written: export it anew"),
    "package.too_large": Kind(413, "stop", "The package is above the size limit"),
    "package.signature": Kind(403, "stop", "The signature does not fit the package"),
    "package.stranger": Kind(403, "reauth", "The device is not enrolled here, or has told no key"),
    "package.foreign": Kind(409, "stop", "The package was made for another service or institution"),
    "package.gap": Kind(409, "resync", "A package before this one has not arrived"),
    "package.forked": Kind(409, "resync", "Another package of this number was taken before"),
    "reference.unknown_book": Kind(404, "stop", "There is no code book of this name"),
    "route.unknown": Kind(404, "stop", "There is no such address"),
    "route.method": Kind(405, "stop", "The address does not take this method"),
    "rate.limited": Kind(429, "retry", "Too many requests: wait as Retry-After says"),
    "service.busy": Kind(503, "retry", "The service is busy: wait as Retry-After says"),
    "service.failed": Kind(500, "retry", "The service failed; nothing of the request was kept"),
    "entity.stale": Kind(0, "rebase", "The entity has changed since the parent the change names"),
    "operation.reused": Kind(0, "park", "The operation id was used for another change"),
    "confidential.refused": Kind(0, "park", "The row is marked confidential: it was neither stored nor logged"),
    "kind.unknown": Kind(0, "park", "The service takes no entities of this kind"),
    "kind.immutable": Kind(0, "park", "Money facts are only ever created"),
    "posting.twice": Kind(0, "park", "The record has a posting that stands"),
    "fee_schedule.overlap": Kind(0, "park", "Another version of the instrument that prices has a day of it"),
    "payout_mark.twice": Kind(0, "park", "Another payout that stands has settled it"),
    "payout_run.twice": Kind(0, "park", "Another run reverses the same one"),
    "key.taken": Kind(0, "park", "Another row of the institution has this number"),
    "link.unknown": Kind(0, "park", "The row refers to one the service does not hold"),
    "link.held": Kind(0, "park", "Another row refers to this one: it cannot be deleted"),
    "blob.missing": Kind(0, "park", "The file the row refers to is not here yet, or not complete"),
    "field.missing": Kind(0, "park", "A required field is empty"),
    "field.invalid": Kind(0, "park", "A field has the wrong form"),
    "field.range": Kind(0, "park", "A value lies outside what can be true"),
    "field.beyond_reach": Kind(0, "park", "The field must not be reported to this service"),
    "change.malformed": Kind(0, "park", "The change is not of the expected shape"),
    "posting.reversal": Kind(0, "park", "A reversal must take back exactly the amount of the posting it names"),
    "receipt.reversal": Kind(0, "park", "A reversal must take back exactly the receipt it names"),
}


class Refusal(Exception):
    """Ends a request with a problem; ``detail`` is English prose for logs and names no person and no amount."""

    def __init__(
        self, code: str, detail: str = "", *, retry_after: int | None = None, extra: dict[str, object] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.kind = PROBLEMS[code]
        self.detail = detail
        self.retry_after = retry_after
        self.extra = extra or {}

    def body(self) -> dict[str, object]:
        """The members of the problem document."""
        told: dict[str, object] = {
            "type": f"urn:yixiang:problem:{self.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.code,
            "action": self.kind.action,
        }
        if self.detail:
            told["detail"] = self.detail
        return told | self.extra
