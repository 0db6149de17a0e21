"""The operator's commands: ``python -m network.operator --database URL COMMAND …``. Each prints one JSON object."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from network import identity, kinds, library, schema
from network.database import Database

Told = dict[str, object]


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
    code = identity.issue_code(db, connection, _institution(connection, asked.uscc), asked.days * 24 * 3600)
    return {"code": code, "days": asked.days}


def _devices(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    device = schema.device
    rows = connection.execute(select(device).where(device.c.institution_id == _institution(connection, asked.uscc)))
    return {"devices": [{"id": r.id, "name": r.name, "enrolled_at": r.enrolled_at, "revoked_at": r.revoked_at} for r in rows]}


def _revoke(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    if not identity.revoke(db, connection, asked.device):
        raise Wrong("there is no such device, or it is revoked already")
    return {"device_id": asked.device, "revoked": True}


def _freeze(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    key, frozen = _institution(connection, asked.uscc), not asked.lift
    connection.execute(update(schema.institution).where(schema.institution.c.id == key).values(frozen=frozen))
    return {"uscc": asked.uscc, "frozen": frozen}


def _notice(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    issued = db.now().date().isoformat()
    due = asked.due.isoformat() if asked.due else None
    key = library.send_notice(connection, _institution(connection, asked.uscc), asked.kind, asked.title, asked.text, issued, due)
    return {"notice_id": key}


def _codebook(db: Database, connection: Connection, asked: argparse.Namespace) -> Told:
    try:
        content = json.loads(Path(asked.file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Wrong(f"the file cannot be read as JSON: {error}") from error
    return {"name": asked.name, "version": library.put_codebook(connection, asked.name, content)}


def _renew_epoch(db: Database, asked: argparse.Namespace) -> Told:
    return {"server_id": db.server_id, "epoch": str(db.renew_epoch())}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m network.operator", description="Run the reference network service.")
    parser.add_argument("--database", required=True, metavar="URL")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, told: str, run: Callable[..., Told], *, uscc: bool = False) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(run=run)
        if uscc:
            made.add_argument("--uscc", required=True, help="unified social credit code of the institution")
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
    book = command("codebook", "store a code book from a JSON file", _codebook)
    book.add_argument("--name", required=True)
    book.add_argument("--file", required=True)
    command("restored", "begin a new epoch: run this after the database was restored from a backup", _renew_epoch)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    asked = _parser().parse_args(arguments)
    db = Database(asked.database)
    try:
        if asked.run is _renew_epoch:
            told = _renew_epoch(db, asked)
        else:
            with db.write() as connection:
                told = asked.run(db, connection, asked)
    except Wrong as error:
        sys.stderr.write(json.dumps({"error": str(error)}, ensure_ascii=False) + "\n")
        return 1
    finally:
        db.close()
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
