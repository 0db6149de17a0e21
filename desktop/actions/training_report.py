"""Gathers the training statement: subjects, courses, people, and what is good on the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import rules_in_force, staff_facts, trainings
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import trainings as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules.trainings import TRAINED


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The statement of a period; certificates and recognitions as of ``as_of``."""
    found = trainings.statement(workspace, period, as_of)
    courses = trainings.every(workspace, period)
    rule = rules_in_force.of(workspace).in_force(TRAINED, as_of)
    held = [
        paper.HeldLine(one.person.staff_number, one.person.name, fact.kind, fact.value, fact.issuer, fact.number, fact.from_on, fact.last_on)
        for one in staff_facts.every(workspace, as_of)
        for fact in (*one.certificates, *one.recognitions)
    ]
    said = paper.report(
        paper.TrainingsFacts(
            period_words(period),
            tuple(
                paper.SubjectLine(one.subject, one.n_courses, one.n_attended, one.n_people, one.n_passed, one.hours) for one in found.subjects
            ),
            tuple(
                paper.CourseLine(
                    one.training.number, one.training.name, one.training.subject, one.training.starts_on, one.training.ends_on,
                    one.training.hours, one.training.organiser, one.training.place, one.training.document, len(one.people),
                )
                for one in courses
            ),
            tuple(
                paper.PersonLine(
                    one.training.number, each.name, None if each.technician_id else each.organisation, each.outcome, each.certificate
                )
                for one in courses
                for each in one.people
            ),
            tuple(held), int(str(found.pilot.value)), int(str(found.all.value)), rule.certainty if rule else "",
            n_doubtful=sum(one.code == "training.perhaps_twice" for one in found.findings),
        ),
        head,
    )  # fmt: skip
    return replace(said, figures=(found.pilot, found.all, *said.figures))
