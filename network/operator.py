"""The operator's commands: ``python -m network.operator --database URL COMMAND …``. Each prints one JSON object."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import OperationalError

from network import (
    address,
    answering,
    backup,
    blobs,
    identity,
    keys,
    kinds,
    library,
    log,
    packages,
    publications,
    publishing,
    roles,
    schema,
    seeding,
    sensors,
)
from network.database import Database
from network.limits import Limits
from network.migrations import OtherRevision
from network.problems import Refusal

Told = dict[str, object]
_LARGEST_FILE = 16 * 1_048_576
_LONGEST_DAYS = 3660


class Wrong(Exception):
    """The operator asked for something that cannot be; the text says what."""


def create_institution(db: Database, connection: Connection, uscc: str, name: str) -> Told:
    """Add an institution. Raises Wrong for a bad credit code or one that is there already."""
    code = uscc.strip().upper()
    if not kinds.valid_uscc(code):
        raise Wrong("the credit code is not valid")
    if not name.strip():
        raise Wrong("the name is empty")
    if connection.execute(select(schema.institution.c.id).where(schema.institution.c.uscc == code)).first():
        raise Wrong("an institution with this credit code is there already")
    key = str(uuid.uuid4())
    connection.execute(
        insert(schema.institution).values(id=key, uscc=code, name=name.strip(), frozen=False, head=0, created_at=db.moment())
    )
    return {"institution_id": key, "uscc": code}


def _institution(connection: Connection, uscc: str) -> str:
    found = connection.execute(select(schema.institution.c.id).where(schema.institution.c.uscc == uscc.strip().upper())).scalar()
    if found is None:
        raise Wrong("there is no institution with this credit code")
    return str(found)


def _create(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    return create_institution(db, connection, asked.uscc, asked.name)


def _list(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    rows = connection.execute(select(schema.institution).order_by(schema.institution.c.uscc))
    return {"institutions": [{"uscc": row.uscc, "name": row.name, "frozen": row.frozen} for row in rows]}


def _code(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    if not 1 <= asked.days <= 366:
        raise Wrong("a code is good for 1 to 366 days")
    code = identity.issue_code(db, connection, _institution(connection, asked.uscc), asked.days * 24 * 3600)
    return {"code": code, "days": asked.days}


def _devices(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    device = schema.device
    query = select(device).where(device.c.institution_id == _institution(connection, asked.uscc)).order_by(device.c.enrolled_at)
    return {
        "devices": [
            {
                "id": row.id,
                "name": row.name,
                "has_key": row.public_key is not None,
                "enrolled_at": row.enrolled_at,
                "revoked_at": row.revoked_at,
            }
            for row in connection.execute(query)
        ]
    }


def _revoke(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    if not identity.revoke(db, connection, asked.device):
        raise Wrong("there is no such device, or it is revoked already")
    return {"device_id": asked.device, "revoked": True}


def _freeze(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    key, frozen = _institution(connection, asked.uscc), not asked.lift
    connection.execute(update(schema.institution).where(schema.institution.c.id == key).values(frozen=frozen))
    return {"uscc": asked.uscc, "frozen": frozen}


def _notice(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    if not asked.title.strip() or not asked.text.strip():
        raise Wrong("a notice has a title and a text")
    issued = db.today().isoformat()
    due = asked.due.isoformat() if asked.due else None
    key = library.send_notice(connection, _institution(connection, asked.uscc), asked.kind, asked.title, asked.text, issued, due)
    return {"notice_id": key}


def _publication(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    home, on = _institution(connection, asked.uscc), (asked.on or db.today()).isoformat()
    given = publications.State(asked.state, on, asked.number, asked.reason)
    try:
        return publications.set_state(connection, home, publications.instrument_of(connection, home, asked.asset_number), given)
    except ValueError as error:
        raise Wrong(str(error)) from error


def _evaluation(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    home, on = _institution(connection, asked.uscc), (asked.on or db.today()).isoformat()
    given = publications.Evaluation(asked.year, asked.grade, on, asked.score)
    try:
        return publications.evaluate(connection, home, publications.instrument_of(connection, home, asked.asset_number), given)
    except ValueError as error:
        raise Wrong(str(error)) from error


def _codebook(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    try:
        return {"name": asked.name, "version": library.put_codebook(connection, asked.name, json.loads(_text(asked.file)))}
    except RecursionError as error:
        raise Wrong("the code book cannot be stored: it is nested too deeply") from error
    except ValueError as error:
        raise Wrong(f"the code book cannot be stored: {error}") from error


def _publish(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    return {"codebooks": publishing.publish(connection)}


def _seed(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    if not 0 <= asked.n <= 1_000_000:
        raise Wrong("between 0 and 1 000 000 instruments")
    return {"n_instruments": seeding.seed_catalogue(connection, asked.n, asked.seed), "seed": asked.seed}


def _sensors(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    key = _institution(connection, asked.uscc)
    try:
        return {"n_new": sensors.put(connection, key, sensors.read_csv(_text(asked.file)))}
    except (ValueError, csv.Error) as error:
        raise Wrong(f"the sessions cannot be stored: {error}") from error


def _clean(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    if not 1 <= asked.days <= _LONGEST_DAYS:
        raise Wrong(f"uploads are forgotten after 1 to {_LONGEST_DAYS} days")
    return {"n_unfinished_uploads": blobs.forget_unfinished(connection, db.moment(timedelta(days=asked.days)))}


def _renew_key(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    return {"key_id": keys.renew(connection, db.moment())}


def _renew_epoch(db: Database, asked: argparse.Namespace) -> Told:
    return {"server_id": db.server_id, "epoch": str(db.renew_epoch())}


def _backup(db: Database, asked: argparse.Namespace) -> Told:
    return backup.write(db, Path(asked.file))


def _restore(db: Database, asked: argparse.Namespace) -> Told:
    return backup.restore(db, Path(asked.file), replace=asked.replace)


def _package(db: Database, asked: argparse.Namespace) -> Told:
    """Take an offline package; a refused one is answered too, where it can be told from whom it is."""
    limits, target = Limits(), Path(asked.answer)
    role = roles.agreed(db, asked.role)
    if target.exists():
        raise Wrong("the file for the answer is there already")
    with Path(asked.file).open("rb") as source:
        package = packages.opened(db, source.read(limits.n_package_bytes + 1), limits)
    try:
        answer, again = packages.take(db, package, role, limits)
    except Refusal as refusal:
        _whole(target, answering.refused(db, package.manifest, package.digest, refusal))
        raise
    roles.bind(db, role)
    _whole(target, answer)
    return {"device_id": package.manifest.device_id, "number": package.manifest.number, "again": again}


def _whole(target: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _key(_db: Database, connection: Connection, _asked: argparse.Namespace) -> Told:
    """The fingerprint of the key in use, to be read out to whoever imports a first answer."""
    signer = keys.signer(connection)
    return {"key_id": signer.key_id, "fingerprint": keys.fingerprint(signer.private.public_key().public_bytes_raw())}


def _text(name: str) -> str:
    path = Path(name)
    if path.stat().st_size > _LARGEST_FILE:
        raise Wrong("the file is too large")
    return path.read_text(encoding="utf-8-sig")


_WITHOUT_TRANSACTION = (_renew_epoch, _backup, _restore, _package)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m network.operator", description="Run the reference network service.")
    parser.add_argument("--database", required=True, metavar="URL")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, told: str, run: Callable[..., Told], *, uscc: bool = False, file: bool = False
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(run=run)
        if uscc:
            made.add_argument("--uscc", required=True, help="unified social credit code of the institution")
        if file:
            made.add_argument("--file", required=True)
        return made

    command("create-institution", "add an institution", _create, uscc=True).add_argument("--name", required=True)
    command("institutions", "list institutions", _list)
    command("enrolment-code", "a code with which one device enrols", _code, uscc=True).add_argument(
        "--days", type=int, default=7, help="how long the code is good"
    )
    command("devices", "list the devices of an institution", _devices, uscc=True)
    command("revoke", "end a device", _revoke).add_argument("--device", required=True)
    command("freeze", "stop an institution, or lift the stop", _freeze, uscc=True).add_argument("--lift", action="store_true")
    notice = command("notice", "send a notice to an institution", _notice, uscc=True)
    notice.add_argument("--kind", choices=library.NOTICE_KINDS, required=True)
    notice.add_argument("--title", required=True)
    notice.add_argument("--text", required=True)
    notice.add_argument("--due", type=date.fromisoformat, help="the day an answer is due")
    _publication_commands(command)
    command("codebook", "store a code book from a JSON file", _codebook, file=True).add_argument("--name", required=True)
    command("publish", "store the code books the program ships: calendar, classes, regions, parameters", _publish)
    seed = command("seed-catalogue", "put an invented catalogue of other institutions' instruments in place", _seed)
    seed.add_argument("--n", type=int, default=seeding.N_INSTRUMENTS, help="how many instruments")
    seed.add_argument("--seed", type=int, default=1, help="the same seed gives the same instruments")
    command("sensor-sessions", f"add sessions from a CSV file: {', '.join(sensors.COLUMNS)}", _sensors, uscc=True, file=True)
    package = command("take-package", "take an offline package and write the answer package", _package, file=True)
    package.add_argument("--answer", required=True, metavar="FILE")
    package.add_argument("--role", choices=kinds.ROLES, help="not given: what the database is, a new one becomes a network")
    command("clean", "forget uploads that were never finished", _clean).add_argument("--days", type=int, default=30)
    command("key", "the fingerprint of the key under which answers are signed, to be read out by telephone", _key)
    command("renew-key", "retire the key under which anchors and answers are signed and begin a new one", _renew_key)
    command("backup", "write everything to a new file", _backup, file=True)
    restore = command("restore", "put a backup in the place of everything and begin a new epoch", _restore, file=True)
    restore.add_argument("--replace", action="store_true", help="also when the database belongs to another service")
    command("restored", "begin a new epoch: run this after the database was restored by other means", _renew_epoch)
    return parser


def _publication_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    state = command("publication", "say whether an instrument is published, and under which number", _publication, uscc=True)
    state.add_argument("--state", choices=publications.STATES, required=True)
    state.add_argument("--number", default="", help="the number of the instrument here; not given: as it is")
    state.add_argument("--reason", default="", help="what the institution reads of why")
    graded = command("evaluation", "enter how an instrument was evaluated in a year", _evaluation, uscc=True)
    graded.add_argument("--year", type=int, required=True)
    graded.add_argument("--grade", required=True, help="in the network's own words")
    graded.add_argument("--score", default="", help="a number such as 92.5; not given: none is told")
    for each, told in ((state, "since when, today when not given"), (graded, "the day of the evaluation, today when not given")):
        each.add_argument("--asset-number", required=True, help="the asset number under which the institution reports the instrument")
        each.add_argument("--on", type=date.fromisoformat, help=told)


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    asked = _parser().parse_args(arguments)
    log.start("error")
    try:
        db = Database(asked.database)
    except (*address.FAILURES, OtherRevision) as error:
        return _failed({"error": "the database cannot be opened", "reason": address.reason(error, asked.database)})
    try:
        if asked.run in _WITHOUT_TRANSACTION:
            told = asked.run(db, asked)
        else:
            with db.write() as connection:
                told = asked.run(db, connection, asked)
    except (Wrong, backup.Unusable) as error:
        return _failed({"error": str(error)})
    except roles.OtherRole as error:
        return _failed({"error": "the database belongs to the other kind of service", "reason": str(error)})
    except roles.NoRole as error:
        return _failed({"error": "which kind of service the database belongs to must be said once", "reason": str(error)})
    except OSError as error:
        return _failed({"error": "the file cannot be read or written", "reason": f"{error.strerror}: {error.filename}"})
    except Refusal as refusal:
        return _failed({"error": refusal.kind.title} | refusal.body())
    except OperationalError as error:
        told = {
            "error": "the database is busy or away: nothing was changed, try again",
            "reason": address.reason(error, asked.database),
        }
        return _failed(told)
    except Exception as error:  # noqa: BLE001 - the last net: the operator gets words, and whoever mends it the place
        return _failed(
            {"error": "the command failed and changed nothing", "reason": type(error).__name__, "where": log.place(error)}
        )
    finally:
        db.close()
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def _failed(told: Told) -> int:
    sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
