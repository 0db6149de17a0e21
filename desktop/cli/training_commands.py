"""Commands about trainings with those who took part, and about dated facts of technicians: post, title, evaluation, certificate, recognition."""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.ledger.staff_fact import STAFF_KINDS
from desktop.ledger.training import OUTCOMES, SUBJECTS
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.staff_facts import Holds
    from desktop.actions.trainings import Course
    from desktop.ledger.staff_fact import StaffFact


def register(commands: Any, add: Any) -> None:
    """Add these commands."""
    _register_trainings(add(commands, "training", tr("培训：课程、参加的人、证书和培训情况")), add)
    _register_staff(add(commands, "staff", tr("技术人员的岗位、职称、考核、证书和认定")), add)


def _register_trainings(parser: Any, add: Any) -> None:
    group = parser.add_subparsers(dest="training_verb", required=True, metavar=tr("命令"))
    one = add(group, "list", tr("一个期间结束的培训和人数"))
    one.add_argument("--period", metavar="PERIOD", help=tr("年、季或月，如 2025、2025Q2、2025-04，不写则为今年"))
    one.set_defaults(run=_list)
    one = add(group, "show", tr("一次培训和参加的人"))
    one.add_argument("number", metavar="NUMBER", help=tr("培训编号"))
    one.set_defaults(run=_show)
    one = add(group, "enter", tr("登记一次培训；编号已有的重新登记"))
    one.add_argument("number", metavar="NUMBER", help=tr("培训编号"))
    one.add_argument("--name", required=True, metavar="TEXT", help=tr("培训名称"))
    one.add_argument("--subject", required=True, choices=SUBJECTS, help=_listed("training.subjects", SUBJECTS))
    one.add_argument("--from", dest="starts_on", required=True, type=day, metavar="DATE", help=tr("开始日期"))
    one.add_argument("--to", dest="ends_on", required=True, type=day, metavar="DATE", help=tr("结束日期"))
    one.add_argument("--hours", required=True, type=_number, metavar="N", help=tr("每人的学时"))
    one.add_argument("--document", required=True, metavar="TEXT", help=tr("依据：通知、签到表或合同"))
    one.add_argument("--organiser", default="", metavar="TEXT", help=tr("举办单位"))
    one.add_argument("--place", default="", metavar="TEXT", help=tr("地点"))
    one.set_defaults(run=_enter)
    one = add(group, "attend", tr("登记参加的人：技术人员写工号，其他人写姓名和单位"))
    one.add_argument("number", metavar="NUMBER", help=tr("培训编号"))
    one.add_argument("--staff", nargs="*", default=[], metavar="N", help=tr("工号，可写几个"))
    one.add_argument("--name", default="", metavar="NAME", help=tr("其他人的姓名"))
    one.add_argument("--organisation", default="", metavar="TEXT", help=tr("其他人的单位"))
    one.add_argument("--outcome", choices=OUTCOMES, default="attended", help=_listed("training.outcomes", OUTCOMES))
    one.add_argument("--certificate", default="", metavar="N", help=tr("结业证书的编号"))
    one.set_defaults(run=_attend)
    one = add(group, "leave-out", tr("删除一位登记错的参加人"))
    one.add_argument("number", metavar="NUMBER", help=tr("培训编号"))
    one.add_argument("name", metavar="NAME", help=tr("姓名，或技术人员的姓名"))
    one.add_argument("--organisation", default="", metavar="TEXT", help=tr("其他人的单位"))
    one.set_defaults(run=_leave_out)
    one = add(group, "drop", tr("删除一次培训和它的参加人"))
    one.add_argument("number", metavar="NUMBER", help=tr("培训编号"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_drop)


def _register_staff(parser: Any, add: Any) -> None:
    group = parser.add_subparsers(dest="staff_verb", required=True, metavar=tr("命令"))
    one = add(group, "list", tr("每位技术人员某一天的岗位、职称、考核、证书和认定，和快到期的证书"))
    one.add_argument("--on", type=day, metavar="DATE", help=tr("按哪一天，默认今天"))
    one.set_defaults(run=_staff)
    one = add(group, "show", tr("一位技术人员历来的事实"))
    one.add_argument("staff_number", metavar="N", help=tr("工号"))
    one.set_defaults(run=_facts)
    one = add(group, "enter", tr("登记一条事实：内容、起日、依据"))
    one.add_argument("staff_number", metavar="N", help=tr("工号"))
    _fact_arguments(one)
    one.set_defaults(run=_enter_fact)
    one = add(group, "correct", tr("重写一条登记错的事实；原来的留在操作日志里"))
    one.add_argument("key", metavar="KEY", help=tr("这一条的键，见 staff show"))
    _fact_arguments(one)
    one.set_defaults(run=_correct)
    one = add(group, "end", tr("写明一条事实到哪一天为止"))
    one.add_argument("key", metavar="KEY", help=tr("这一条的键，见 staff show"))
    one.add_argument("last_on", type=day, metavar="DATE", help=tr("最后一天"))
    one.set_defaults(run=_end)
    one = add(group, "withdraw", tr("删除一条登记错的事实"))
    one.add_argument("key", metavar="KEY", help=tr("这一条的键，见 staff show"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_withdraw)


def _fact_arguments(one: Any) -> None:
    one.add_argument("kind", choices=STAFF_KINDS, help=_listed("staff.kinds", STAFF_KINDS))
    one.add_argument("value", metavar="TEXT", help=tr("内容：岗位、职称、考核结果、证书名称或认定的等级"))
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("自这一天起"))
    one.add_argument("--last", dest="last_on", type=day, metavar="DATE", help=tr("有效期至（含这一天），不写则没有止日"))
    one.add_argument("--issuer", default="", metavar="TEXT", help=tr("聘任、评审、发证或认定的单位"))
    one.add_argument("--number", default="", metavar="N", help=tr("证书或文件的编号"))
    one.add_argument("--ground", required=True, metavar="TEXT", help=tr("依据的文件、证书或考核表"))
    one.add_argument("--factor", type=_number, metavar="X", help=tr("考核系数，只用于考核"))


def _listed(under: str, codes: tuple[str, ...]) -> str:
    return tr("、").join(f"{code} {say(f'{under}.{code}')}" for code in codes)


def _number(text: str) -> Decimal:
    try:
        return money.number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("不是数：{text}", text=text)) from error


def _course(one: Course) -> dict[str, Any]:
    training = one.training
    return {
        "number": training.number, "name": training.name, "subject": training.subject, "starts_on": training.starts_on.isoformat(),
        "ends_on": training.ends_on.isoformat(), "hours": str(training.hours), "organiser": training.organiser, "place": training.place,
        "document": training.document,
        "people": [
            {"name": each.name, "organisation": each.organisation, "technician": each.technician_id is not None, "outcome": each.outcome,
             "certificate": each.certificate}
            for each in one.people
        ],
    }  # fmt: skip


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import trainings

    with opened(args) as workspace:
        period = trainings.span(args.period)
        courses, found = trainings.every(workspace, period), trainings.statement(workspace, period)
    content = {
        "period": period.name, "trainings": [_course(one) for one in courses], "pilot_people": found.pilot.value, "people": found.all.value,
        "findings": [as_json(one) for one in found.findings],
    }  # fmt: skip
    rows = [
        [one.training.number, one.training.name, say(f"training.subjects.{one.training.subject}"), one.training.ends_on.isoformat(),
         f"{one.training.hours:f}", str(len(one.people))]
        for one in courses
    ]  # fmt: skip
    heads = [tr("培训编号"), tr("培训名称"), tr("培训内容"), tr("结束日期"), tr("学时"), tr("人次")]
    lines = table(heads, rows) if rows else [tr("这个期间没有结束的培训。")]
    lines.append(tr("中试培训 {pilot} 人，全部 {every} 人（每人计一次）。", pilot=found.pilot.value, every=found.all.value))
    return Answer(content, [*lines, *(told(one) for one in found.findings)])


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import trainings

    with opened(args) as workspace:
        one = trainings.one(workspace, args.number)
    said = one.training
    lines = [
        tr("{number} {name}（{subject}），{first} 至 {last}，{hours} 学时。", number=said.number, name=said.name,
           subject=say(f"training.subjects.{said.subject}"), first=said.starts_on.isoformat(), last=said.ends_on.isoformat(), hours=f"{said.hours:f}"),
        tr("依据：{document}", document=said.document),
    ]  # fmt: skip
    own, unsaid = say("training.own"), tr("未登记")
    rows = [
        [each.name, own if each.technician_id else each.organisation or unsaid, say(f"training.outcomes.{each.outcome}"), each.certificate]
        for each in one.people
    ]
    lines += table([tr("姓名"), tr("单位"), tr("结果"), tr("证书编号")], rows) if rows else [tr("还没有登记参加的人。")]
    return Answer(_course(one), lines)


def _enter(args: argparse.Namespace) -> Answer:
    from desktop.actions import trainings
    from desktop.ledger.training import Training

    given = Training(
        "", args.number, args.name, args.subject, args.organiser, args.place, args.starts_on, args.ends_on, args.hours, args.document
    )
    with opened(args) as workspace:
        trainings.enter(workspace, given)
    return Answer({"number": args.number}, [tr("培训 {number} 已登记，可以撤销（undo）。", number=args.number)])


def _attend(args: argparse.Namespace) -> Answer:
    from desktop.actions import trainings
    from desktop.actions.trainings import Given

    people = [Given(staff_number=number, outcome=args.outcome, certificate=args.certificate) for number in args.staff]
    if args.name:
        people.append(Given(name=args.name, organisation=args.organisation, outcome=args.outcome, certificate=args.certificate))
    with opened(args) as workspace:
        trainings.attend(workspace, args.number, people)
    return Answer({"number": args.number, "n": len(people)}, [tr("培训 {number} 登记了 {n} 人，可以撤销（undo）。", number=args.number, n=len(people))])


def _leave_out(args: argparse.Namespace) -> Answer:
    from desktop.actions import trainings

    with opened(args) as workspace:
        trainings.leave_out_named(workspace, args.number, args.name, args.organisation)
    said = tr("已从培训 {number} 里删除 {name}，可以撤销（undo）。", number=args.number, name=args.name)
    return Answer({"number": args.number, "name": args.name}, [said])


def _drop(args: argparse.Namespace) -> Answer:
    from desktop.actions import trainings

    with opened(args) as workspace:
        trainings.drop(workspace, args.number, args.reason)
    return Answer({"number": args.number}, [tr("培训 {number} 已删除，可以撤销（undo）。", number=args.number)])


def _fact(one: StaffFact) -> dict[str, Any]:
    return {
        "key": one.id, "kind": one.kind, "value": one.value, "from": one.from_on.isoformat(), "last": one.last_on and one.last_on.isoformat(),
        "issuer": one.issuer, "number": one.number, "ground": one.ground, "factor": None if one.factor is None else str(one.factor),
    }  # fmt: skip


def _holds(one: Holds) -> dict[str, Any]:
    return {
        "staff_number": one.person.staff_number, "name": one.person.name, "post": one.post and _fact(one.post), "title": one.title and _fact(one.title),
        "evaluation": one.evaluation and _fact(one.evaluation), "certificates": [_fact(each) for each in one.certificates],
        "recognitions": [_fact(each) for each in one.recognitions], "findings": [as_json(each) for each in one.findings],
    }  # fmt: skip


def _staff(args: argparse.Namespace) -> Answer:
    from desktop.actions import staff_facts

    with opened(args) as workspace:
        found = staff_facts.every(workspace, args.on)
    rows = [
        [
            one.person.staff_number, one.person.name, *(fact.value if fact else tr("未登记") for fact in (one.post, one.title, one.evaluation)),
            str(len(one.certificates)), str(len(one.recognitions)),
        ]
        for one in found
    ]  # fmt: skip
    heads = [tr("工号"), tr("姓名"), *(say(f"staff.kinds.{kind}") for kind in STAFF_KINDS)]
    lines = table(heads, rows) if rows else [tr("还没有技术人员；请先导入技术人员名单。")]
    return Answer({"staff": [_holds(one) for one in found]}, [*lines, *(told(each) for one in found for each in one.findings)])


def _facts(args: argparse.Namespace) -> Answer:
    from desktop.actions import staff_facts

    with opened(args) as workspace:
        (one,) = staff_facts.every(workspace, None, args.staff_number)
    rows = [
        [say(f"staff.kinds.{each.kind}"), each.value, say(f"staff.state.{state}"), each.from_on.isoformat(),
         each.last_on.isoformat() if each.last_on else "—", each.issuer, each.ground, each.id]
        for each, state in zip(one.facts, one.states, strict=True)
    ]  # fmt: skip
    heads = [tr("类别"), tr("内容"), tr("状态"), tr("起"), tr("有效期至"), tr("发给单位"), tr("依据"), tr("键")]
    lines = table(heads, rows) if rows else [tr("还没有登记。")]
    facts = [_fact(each) | {"state": state} for each, state in zip(one.facts, one.states, strict=True)]
    return Answer(_holds(one) | {"facts": facts}, lines)


def _enter_fact(args: argparse.Namespace) -> Answer:
    from desktop.actions import staff_facts

    with opened(args) as workspace:
        staff_facts.enter(workspace, args.staff_number, _given(args))
    said = tr("{staff_number} 的{kind}已登记，可以撤销（undo）。", staff_number=args.staff_number, kind=say(f"staff.kinds.{args.kind}"))
    return Answer({"staff_number": args.staff_number, "kind": args.kind}, [said])


def _given(args: argparse.Namespace) -> StaffFact:
    from desktop.ledger.staff_fact import StaffFact

    return StaffFact("", "", args.kind, args.value, args.from_on, args.last_on, args.issuer, args.number, args.ground, args.factor)


def _correct(args: argparse.Namespace) -> Answer:
    from desktop.actions import staff_facts

    with opened(args) as workspace:
        staff_facts.correct(workspace, args.key, _given(args))
    return Answer({"key": args.key}, [tr("已更正，可以撤销（undo）。")])


def _end(args: argparse.Namespace) -> Answer:
    from desktop.actions import staff_facts

    with opened(args) as workspace:
        staff_facts.end(workspace, args.key, args.last_on)
    return Answer({"key": args.key, "last": args.last_on.isoformat()}, [tr("止日已登记，可以撤销（undo）。")])


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import staff_facts

    with opened(args) as workspace:
        staff_facts.withdraw(workspace, args.key, args.reason)
    return Answer({"key": args.key}, [tr("已删除，可以撤销（undo）。")])
