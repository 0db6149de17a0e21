"""The practice day's university tables: the school, what it states of the most used sets, a year's use, and the files of it (clause 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.actions import reporting, university, university_year

if TYPE_CHECKING:
    from desktop.actions.rehearsal_clauses import Clause, Practice


def reported(day: Practice, clause: Clause) -> None:
    """State and count the most used sets of the academic year that ended in the practice year, then check, explain and write."""
    told, ends = day.told["university"], day.year.start.year
    year = university.year(day.workspace, f"{ends - 1}-{ends}")
    university.set_school_code(day.workspace, told["school"])
    lines = [one for one in university_year.judge(day.workspace, year).lines if one.valuable]
    used = sorted(lines, key=lambda one: (-sum(item.amount or 0 for item in one.settled[:3]), one.instrument.asset_number))
    sets = [one.instrument.asset_number for one in used[: len(told["stated"])]]
    for asset, stated in zip(sets, told["stated"], strict=False):
        university.state(day.workspace, asset, stated)
        university.enter(day.workspace, asset, year.name, told["amounts"], told["ground"])
    book = university_year.tables(day.workspace, year, day.out / f"moe-{year.name}.xlsx")
    effect = university_year.xml(day.workspace, year, day.out / f"share-effect-{year.name}.xml")
    found = university_year.judge(day.workspace, year)
    clause.figure(found.figure, f"university {year.name}")
    for asset in sets[:1]:
        clause.figure(university_year.explain(day.workspace, asset, year.name), f"university {asset} --period {year.name}")
    clause.count("practice.in_sj1", book.rows["SJ1"])
    clause.count("practice.in_sj3", book.rows["SJ3"])
    clause.find(found.findings)
    paper = day.print(
        f"university-{year.name}",
        lambda path: reporting.make(day.workspace, "university", period=year.name, out=path, printed_on=day.on),
    )
    clause.documents += [book.path.name, effect.path.name, *paper]
