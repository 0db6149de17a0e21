"""What the invented institution states of its sets for the universities' sharing system, in part and at the limits of what that takes; what it filed of
its confidential sets is in the register.
"""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from desktop.actions import university
from desktop.actions.workspace import Workspace
from desktop.ledger.cers import CersSet
from desktop.ledger.instrument import Instrument
from desktop.store.cers import CERS_SETS
from desktop.store.facts import INSTRUMENTS
from tests.recompute.invented import Registers, key

_SCHOOL = "10422"


def _mostly(chance: random.Random, usual: str, *others: str) -> str:
    """The usual text but for one in twenty."""
    return chance.choice(others) if chance.random() < 0.05 else usual


def _for_the_platform(one: Instrument, n: int, chance: random.Random) -> Instrument:
    """What the national platform asks of a set besides; of most that are under customs supervision the declaration as well."""
    supervised = one.customs_supervised and chance.random() < 0.9
    return replace(
        one, source=_mostly(chance, "购置", "", "租赁"), subjects=_mostly(chance, "物理学、化学", "", "物理学，化学;生物学/材料科学、力学"),
        funds=_mostly(chance, "地方财政资金,4", "", "自筹"), image=_mostly(chance, f"{n}.jpg", "", f"{n}.png"),
        carrier_number="" if n % 20 == 1 else one.carrier_number,
        yearly_hours=Decimal(chance.randrange(0, 8_784)) if n % 7 else Decimal(chance.choice(("8784", "8784.5", "-1"))),
        external_hours=Decimal(chance.randrange(0, 900)) if n % 11 else None,
        declaration_number=_mostly(chance, f"{n:018d}", "", f"{n:017d}", f"{n:017d}e") if supervised else "",
        declaration_item=_mostly(chance, "01", "", "1") if supervised else "",
        declared_name=_mostly(chance, "显微镜", "", "名" * 30, "名" * 31) if supervised else "",
    )  # fmt: skip


def sets(workspace: Workspace, made: Registers, seed: int) -> None:
    """Of four sets in five something is stated, of some by the number of another; their columns of the register are filled as well."""
    chance = random.Random(seed)
    university.set_school_code(workspace, _SCHOOL)
    changed, stated = [], []
    for n, one in enumerate(made.instruments):
        filled = replace(
            one, technical=_mostly(chance, "分辨率1nm", "", "参" * 200, "参" * 201), manufacturer=_mostly(chance, "日立", "", "厂" * 101),
            country=_mostly(chance, chance.choice(("日本", "中国", "美国")), "", "以色列"), model=one.model or _mostly(chance, "X-1", ""),
            street=_mostly(chance, "舜华路1号", ""), postcode=_mostly(chance, "250101", ""), email=_mostly(chance, "a@b.cn", ""),
            booking_url=_mostly(chance, "https://yq.example.cn/1", "", "yq.example.cn"), fee_text=_mostly(chance, "见收费标准", ""),
        )  # fmt: skip
        filled = _for_the_platform(filled, n, chance)
        changed.append(filled)
        if n % 5 and not one.confidential:
            inner = _mostly(chance, "", f"S-{n}", "9" * 15, "9" * 16, made.instruments[n - 1].asset_number)
            stated.append(CersSet(
                key(chance), one.id, inner, _mostly(chance, "030304", "", "0303041"), _mostly(chance, "010101", ""), _mostly(chance, "", "电镜"),
                _mostly(chance, "材料", "", "用" * 400, "用" * 401), _mostly(chance, "ISO9001", ""), _mostly(chance, "", "A376", "156"),
                _mostly(chance, "http://yq.example.cn/1.jpg", "", "ftp://yq.example.cn/1.jpg"), _mostly(chance, "JZ1", ""), _mostly(chance, "3", ""),
                _mostly(chance, "工作日", "", "开" * 801), _mostly(chance, "", "按时"), _mostly(chance, "", "0", "2"), "", "经办",
            ))  # fmt: skip
    with workspace.write("recompute sharing system", undoable=False) as operation:
        INSTRUMENTS.update(operation.connection, changed)
        CERS_SETS.insert(operation.connection, stated)
