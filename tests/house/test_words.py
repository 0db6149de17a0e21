"""Words: only the window, the command line and paper speak; every code and every screen string is said in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Mapping, Sequence
from functools import cache

import pytest

from desktop.words import flatten
from tests.house.source import CHINESE, called, calls, docstrings, literals, modules, told, toml, tracked, tree

CODES = "resources/i18n/codes/"
SCREEN = "resources/i18n/ui/"
SPEAKING = ("desktop/ui/", "desktop/cli/")
SAID = frozenset({"tr", "say"})
CARRY_CODES = frozenset({"say", "say_in", "known", "finding", "Finding", "Problem", "Refused", "Figure"})
PLACE = frozenset({"cell", "kind", "key", "field", "severity"})
LATIN = re.compile(r"[A-Za-z]{2}")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")

# Chinese that is no sentence to a person: the beginning of file names -> why.
CHINESE_BELONGS: dict[str, str] = {
    "desktop/reports/": "paper is Chinese: the titles and columns of the forms are fixed by the offices that receive them",
    "desktop/formats/": "headers and values as they stand in people's files",
    "desktop/ledger/money.py": "the digits of 大写金额",
    "desktop/rules/regions.py": "addresses are read as people write them: provinces, cities, zones, streets",
    "desktop/rules/price_": "price sheets are read as people write them: units, groups of customers, terms",
}
# Chinese that is read, not said, in rooms that speak: file and string -> why.
READ_NOT_SAID: dict[str, str] = {
    r"desktop/ui/fields.py: (\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?": "days as people type them",
    **{f"desktop/rules/performance.py: {word}": "the category as the national sheet has it" for word in ("通用", "专用", "仪器", "设备")},
    "desktop/store/performance.py: 无": "the national sheet's word for a set of no carrier",
    **{
        f"desktop/ledger/evaluation.py: {word}": "what users say, in the national platform's words"
        for word in ("非常满意", "基本满意", "一般", "不满意", "极差")
    },
}


def _table_strings(module: ast.Module) -> list[ast.Constant]:
    """Strings in the tables a module opens with (``PAGES = (…)``): titles that tr() says when they are shown."""
    tables = [
        statement
        for statement in module.body
        if (isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) and t.id.isupper() for t in statement.targets))
        or (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.target.id.isupper())
    ]
    return [node for table in tables for node in ast.walk(table) if isinstance(node, ast.Constant)]


def chinese_faults(name: str, module: ast.Module, english: Container[str] = ()) -> list[str]:
    """Chinese strings outside documentation, and in rooms that speak outside tr(), say() and tables with English words."""
    silent = docstrings(module)
    if name.startswith(SPEAKING):
        for call in calls(module, SAID):
            silent |= {id(node) for argument in call.args for node in ast.walk(argument)}
        silent |= {id(node) for node in _table_strings(module) if node.value in english}
    return [
        f"{name}:{node.lineno}: {node.value[:40]!r}"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in silent
        and CHINESE.search(node.value)
        and f"{name}: {node.value}" not in READ_NOT_SAID
    ]


def _code_argument(call: ast.Call) -> ast.expr | None:
    place = 1 if called(call) == "say_in" else 0
    given = call.args[place : place + 1]
    return given[0] if given else next((k.value for k in call.keywords if k.arg == "code"), None)


def codes_in(module: ast.Module) -> list[tuple[int, str, bool]]:
    """Line, code and whether it is whole: an f-string gives only what stands before its first gap."""
    found = []
    for call in calls(module, CARRY_CODES):
        argument = _code_argument(call)
        if isinstance(argument, ast.JoinedStr):
            first = argument.values[0] if argument.values else None
            if isinstance(first, ast.Constant) and "." in str(first.value):
                found.append((call.lineno, str(first.value), False))
        elif argument is not None:
            found += [(call.lineno, code, True) for code in literals(argument) if code]
    return found


def wordless(name: str, module: ast.Module, known: dict[str, dict[str, str]]) -> list[str]:
    faults = []
    for line, code, whole in codes_in(module):
        there = code in known if whole else any(k.startswith(code) for k in known)
        if not there:
            faults.append(f"{name}:{line}: {code}{'' if whole else '…'} is not in {CODES}{code.partition('.')[0]}.toml")
    return faults


def half_said(code: str, entry: dict[str, str]) -> list[str]:
    """What an entry lacks: a language, words in it, English that is English (it may quote Chinese), the same gaps in both."""
    if set(entry) != {"zh", "en"}:
        return [f"{code}: needs zh and en, has {sorted(entry)}"]
    faults = [f"{code}: {language} is empty" for language in ("zh", "en") if not entry[language].strip()]
    if entry["en"] == entry["zh"] or (CHINESE.search(entry["en"]) and not LATIN.search(entry["en"])):
        faults.append(f"{code}: the English is Chinese")
    gaps = {language: set(PLACEHOLDER.findall(entry[language])) for language in ("zh", "en")}
    if gaps["zh"] != gaps["en"]:
        faults.append(f"{code}: zh fills {sorted(gaps['zh'])}, en fills {sorted(gaps['en'])}")
    return faults


def unfilled(name: str, module: ast.Module, known: dict[str, dict[str, str]]) -> list[str]:
    """Calls whose words have a gap that the call leaves open: the person would read {name}.

    What finding() is told of the place (kind, key, field, cell) fills no gap: it says where, not what.
    """
    faults = []
    for call in calls(module, frozenset({"say", "finding", "Problem", "Refused"})):
        if not call.args or any(k.arg is None for k in call.keywords):
            continue
        given = {k.arg for k in call.keywords} - (PLACE if called(call) == "finding" else frozenset())
        for code in literals(call.args[0]):
            open_gaps = set(PLACEHOLDER.findall(known.get(code, {}).get("zh", ""))) - given
            faults += [f"{name}:{call.lineno}: {code} leaves {{{gap}}} open" for gap in sorted(open_gaps)]
    return faults


def untranslated(name: str, module: ast.Module, english: dict[str, str]) -> list[str]:
    faults = []
    for call in calls(module, frozenset({"tr"})):
        for text in literals(call.args[0]) if call.args else []:
            if text not in english:
                faults.append(f"{name}:{call.lineno}: {text!r} has no English in {SCREEN}")
        if call.args and isinstance(call.args[0], ast.JoinedStr):
            faults.append(f"{name}:{call.lineno}: tr() of an f-string can never be found; give the gaps by name")
    return faults


@cache
def _files(folder: str) -> tuple[str, ...]:
    return tuple(name for name in tracked() if name.startswith(folder) and name.endswith(".toml"))


@cache
def codes() -> dict[str, dict[str, str]]:
    return {
        code: entry
        for name in _files(CODES)
        for code, entry in flatten(toml(name), f"{name.removeprefix(CODES).removesuffix('.toml')}.").items()
    }


@cache
def screen() -> dict[str, str]:
    return {text: str(english) for name in _files(SCREEN) for text, english in toml(name).items()}


def test_chinese_stands_where_it_is_said() -> None:
    names = [n for n in modules("desktop") if not n.startswith(tuple(CHINESE_BELONGS))]
    faults = [f for name in names for f in chinese_faults(name, tree(name), screen())]
    assert not faults, told(
        faults,
        "Chinese outside tr() and say() cannot be said in English; lower floors carry codes (resources/i18n/codes). "
        "Where it is read and not said, give the reason in CHINESE_BELONGS or READ_NOT_SAID.",
    )


def test_every_code_has_words() -> None:
    faults = [f for name in modules("desktop") for f in wordless(name, tree(name), codes())]
    assert not faults, told(faults, "A code without words reaches the person as [code]; write zh and en.")


def test_words_are_whole_in_both_languages() -> None:
    faults = [f for code, entry in codes().items() for f in half_said(code, entry)]
    assert not faults, told(faults, "An entry needs zh and en with the same gaps.")


def test_no_gap_stays_open() -> None:
    faults = [f for name in modules("desktop") for f in unfilled(name, tree(name), codes())]
    assert not faults, told(faults, "The words have a gap that the call does not fill.")


def test_every_screen_string_has_english() -> None:
    faults = [f for name in modules("desktop") for f in untranslated(name, tree(name), screen())]
    assert not faults, told(faults, "A screen string has no English.")


def test_english_fills_the_gaps_of_the_chinese() -> None:
    faults = [
        f"{text!r}: {english!r}"
        for text, english in screen().items()
        if not english.strip() or set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english))
    ]
    assert not faults, told(faults, "The English of a screen string is empty or fills other gaps.")


def test_one_chinese_string_has_one_english() -> None:
    seen: dict[str, tuple[str, str]] = {}
    faults = []
    for name in _files(SCREEN):
        for text, english in toml(name).items():
            before = seen.setdefault(text, (str(english), name))
            if before[0] != english:
                faults.append(f"{text!r}: {before[0]!r} in {before[1]}, {english!r} in {name}")
    assert not faults, told(faults, "The same Chinese is said two ways in English; the later file would win.")


FORMS = re.compile(r"\{(\w+)\|([^{}|]*)\|([^{}|]*)\}")
COUNTED = (
    "rows items records instruments conflicts postings lines deadlines problems figures values notices operations technicians "
    "drafts sets services pages minutes hours days cells codes characters things shares faults times bytes weekdays"
)
BARE_PLURAL = re.compile(r"\{\w+\} (?:(?!has |counts |takes |of |with |among )[a-z]+ ){0,2}(?:" + COUNTED.replace(" ", "|") + r")\b")


def plural_faults(place: str, english: str, chinese: str) -> list[str]:
    """A count that stands before the plural alone (1 rows), and forms of a count the sentence does not have."""
    faults = [f"{place}: {found!r} is wrong of one" for found in BARE_PLURAL.findall(english)]
    faults += [f"{place}: {{{name}|…}} is a form of nothing" for name, *_ in FORMS.findall(english) if name not in PLACEHOLDER.findall(chinese)]
    return faults + ([f"{place}: Chinese has no plural"] if FORMS.search(chinese) else [])


def test_one_is_not_said_as_many() -> None:
    assert plural_faults("a", "{n} rows left", "剩 {n} 行")
    assert plural_faults("a", "{n} confidential rows left", "剩 {n} 行")
    assert plural_faults("a", "{n} {m|row|rows} left", "剩 {n} 行")
    assert not plural_faults("a", "{n} {n|row|rows} left", "剩 {n} 行")
    faults = [fault for code, entry in codes().items() for fault in plural_faults(code, entry["en"], entry["zh"])]
    faults += [fault for text, english in screen().items() for fault in plural_faults(text, english, text)]
    assert not faults, told(faults, "Say it for one too: {n} {n|row|rows}.")


KNOWN = {"import.done": {"zh": "已导入 {n} 行", "en": "{n} rows imported"}}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("desktop/ui/x.py", "button.setText('保存')"),
        ("desktop/ui/x.py", "label.setText(f'共 {n} 行')"),
        ("desktop/ui/x.py", "tr('保存', note='备注')"),
        ("desktop/cli/x.py", "print('完成')"),
        ("desktop/store/x.py", "raise Problem('store.locked', why='已锁定')"),
    ],
)
def test_unsaid_chinese_is_seen(name: str, source: str) -> None:
    assert chinese_faults(name, ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ['"""说明"""', "tr('保存')", "tr('保存' if new else '更新')", "words.tr('共 {n} 行', n=3)", "class A:\n    '''页面：总览'''"],
)
def test_said_chinese_is_left_alone(source: str) -> None:
    assert not chinese_faults("desktop/ui/x.py", ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "say('import.gone')",
        "raise Problem('import.gone', row=3)",
        "f = finding('import.done' if ok else 'import.gone')",
        "Finding(code='import.gone')",
        "Figure('import.gone', 3, 'count')",
        "say(f'export.{kind}')",
    ],
)
def test_a_wordless_code_is_seen(source: str) -> None:
    assert wordless("x.py", ast.parse(source), KNOWN)


def test_titles_in_a_table_need_english() -> None:
    source = "PAGES = (Entry('总览'),)\nnow = '总览'"
    assert len(chinese_faults("desktop/ui/x.py", ast.parse(source), {})) == 2
    assert len(chinese_faults("desktop/ui/x.py", ast.parse(source), {"总览": "Overview"})) == 1


def test_half_said_words_are_seen() -> None:
    assert half_said("a.b", {"zh": "已锁定"})
    assert half_said("a.b", {"zh": "已锁定", "en": " "})
    assert half_said("a.b", {"zh": "第 {row} 行", "en": "row {line}"})
    assert half_said("a.b", {"zh": "已锁定", "en": "已锁定"})
    assert not half_said("a.b", {"zh": "第 {row} 行", "en": "row {row}"})


def test_open_gaps_and_missing_english_are_seen() -> None:
    assert unfilled("x.py", ast.parse("say('import.done')"), KNOWN)
    assert not unfilled("x.py", ast.parse("say('import.done', n=3); say('import.done', **params)"), KNOWN)
    assert unfilled("x.py", ast.parse("finding('verify.row', kind='a')"), {"verify.row": {"zh": "{kind} 的一行"}})
    assert not unfilled("x.py", ast.parse("finding('import.done', 'warning', n=3)"), KNOWN)
    assert untranslated("x.py", ast.parse("tr('保存')"), {})
    assert untranslated("x.py", ast.parse("tr(f'共 {n} 行')"), {"共": "all"})
    assert not untranslated("x.py", ast.parse("tr('保存')"), {"保存": "Save"})


# One word per idea: what is not said, and what is said instead.
SAID_OTHERWISE = {
    "核验": "校验",
    "恢复码": "恢复密钥",
    "日志末端": "日志链头",
    "服务对象": "使用单位",
    "台帐": "台账",
    "帐目": "账目",
    "登陆": "登录",
}


def second_words(said: Mapping[str, str]) -> list[str]:
    """Where (place -> Chinese) an idea is said by another than its word."""
    return [f"{place}: {wrong}, say {right}" for place, text in said.items() for wrong, right in SAID_OTHERWISE.items() if wrong in text]


def spoken(english: Container[str], names: Sequence[str]) -> set[str]:
    """The strings with English that these modules hold."""
    return {
        node.value
        for name in names
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in english
    }


def test_one_word_per_idea() -> None:
    faults = second_words({code: entry["zh"] for code, entry in codes().items()} | {text: text for text in screen()})
    assert second_words({"a": "账目核验"}) == ["a: 核验, say 校验"]
    assert not faults, told(faults, "The same idea is called two things.")


def test_no_english_without_its_chinese() -> None:
    faults = sorted(set(screen()) - spoken(screen(), modules("desktop")))
    assert not faults, told(faults, "These words are said nowhere any more; take them out of resources/i18n/ui.")
