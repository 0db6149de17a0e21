"""Trainings and those who took part, from files: all rows of a training say the same of it; who is there already is changed, nobody is taken out."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Options, Weighed
from desktop.actions.workspace import today
from desktop.formats import trainings as files
from desktop.formats.reading import Sheet
from desktop.formats.trainings import TakenPart
from desktop.ledger.document_number import compared
from desktop.ledger.keys import new_key
from desktop.ledger.training import OUTCOMES, SUBJECTS, Attendance, Training
from desktop.rules import trainings as rules
from desktop.store import staff as rows
from desktop.store.database import Connection, Operation
from desktop.store.facts import TECHNICIANS
from desktop.words import say_in


def _codes(under: str, codes: tuple[str, ...]) -> dict[str, str]:
    """Code and words in both languages -> code."""
    return {said: code for code in codes for said in (code, *(say_in(language, f"{under}.{code}").casefold() for language in ("zh", "en")))}


class _Trainings(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[TakenPart], options: Options) -> Weighed:
        weighed = Weighed()
        subjects, outcomes = _codes("training.subjects", SUBJECTS), _codes("training.outcomes", OUTCOMES)
        known = {one.number: one for one in rows.TRAININGS.find(connection)}
        attended = {key: {rules.who(one): one for one in people} for key, people in rows.attended(connection).items()}
        named: set[tuple[str, str]] = set()
        technicians = {one.staff_number: one for one in TECHNICIANS.find(connection)}
        keys = {number: one.id for number, one in known.items()}
        said: dict[str, Training] = {}
        courses: tuple[list[Training], list[Training]] = ([], [])
        weighed.extra["new"], weighed.extra["changed"] = courses
        for row in sheet.rows:
            if row.subject.casefold() not in subjects:
                choices = "|".join(f"training.subjects.{one}" for one in SUBJECTS)
                weighed.refuse(sheet, row.row, "subject", "training.file_subject", shown=row.subject, subjects=choices)
                continue
            course = Training(
                keys.setdefault(row.number, new_key()), row.number, row.name, subjects[row.subject.casefold()], row.organiser,
                row.place, row.starts_on, row.ends_on, row.hours, row.document,
            )  # fmt: skip
            wrong = rules.faults(course) or ("training.to_come" if course.ends_on > today() else None)
            if wrong:
                weighed.refuse(sheet, row.row, "number", wrong, number=row.number, day=course.ends_on.isoformat())
                continue
            told = said.get(row.number, course)
            if compared(told.document) != compared(course.document) or told != replace(course, document=told.document):
                weighed.refuse(sheet, row.row, "number", "training.file_differs", number=row.number)
                continue
            outcome = outcomes.get((row.outcome or "attended").casefold())
            if outcome is None:
                weighed.refuse(sheet, row.row, "outcome", "training.outcome", outcome=row.outcome)
                continue
            technician = technicians.get(row.staff_number)
            if row.staff_number and technician is None:
                weighed.refuse(sheet, row.row, "staff_number", "payout.no_such_technician", staff_number=row.staff_number)
                continue
            if technician is not None and row.person not in ("", technician.name):
                weighed.refuse(sheet, row.row, "person", "ledger_import.staff_number_taken", number=row.staff_number, name=technician.name)
                continue
            name = technician.name if technician else row.person
            organisation = "" if technician else row.organisation
            made = Attendance(new_key(), course.id, technician.id if technician else None, name, organisation, outcome, row.certificate)
            person = rules.who(made)
            if name and (course.id, person) in named:  # the file says it in another spelling
                weighed.refuse(sheet, row.row, "person", "training.named_twice", name=name)
                continue
            before = sum(map(len, (*courses, weighed.new, weighed.changed)))
            if row.number not in said:
                said[row.number] = course
                old = known.get(row.number)
                if old != course:
                    courses[old is not None].append(course)
            if name:
                named.add((course.id, person))
                there = attended.get(course.id, {}).get(person)
                if there is None:
                    weighed.new.append(made)
                elif there != replace(made, id=there.id):
                    weighed.changed.append(replace(made, id=there.id))
            if before == sum(map(len, (*courses, weighed.new, weighed.changed))):
                weighed.unchanged += 1
            else:
                weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.TRAININGS.insert(operation.connection, weighed.extra["new"])
        rows.TRAININGS.update(operation.connection, weighed.extra["changed"])
        rows.ATTENDANCES.insert(operation.connection, weighed.new)
        rows.ATTENDANCES.update(operation.connection, weighed.changed)


TRAININGS_IMPORT = _Trainings()
