"""Customers (使用单位). 是否本单位 decides internal or external; 单位性质 is only shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, COUNT, DAY, INTERNAL, LINE, NAME, UPPER_CODE, WAN, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding
from desktop.rules import uscc

SHEET = "使用单位"

FIELDS: tuple[Field, ...] = (
    Field("name", "单位名称", NAME, ("使用单位", "客户名称", "使用单位名称", "企业名称"), required=True, blank="error"),
    Field("uscc", "统一社会信用代码", UPPER_CODE, ("信用代码", "社会信用代码", "统一信用代码")),
    Field("nature", "单位性质", LINE, ("性质", "单位类型"), fault="warning"),
    Field("city", "所在市", LINE, ("城市", "地市", "市", "所在地"), fault="warning"),
    Field("industry", "行业", LINE, ("所属行业",), fault="warning"),
    Field("n_staff", "从业人数", COUNT, ("从业人员", "职工人数", "从业人员数"), fault="warning"),
    Field("revenue_wan", "营业收入（万元）", WAN, ("营业收入", "年营业收入"), fault="warning"),
    Field("size_class", "规模", LINE, ("企业规模", "划型"), fault="warning"),
    Field("size_on", "认定日期", DAY, ("认定时间", "划型日期"), fault="warning"),
    Field("contact", "联系人", LINE, (), fault="warning"),
    Field("phone", "电话", CODE, ("联系电话", "手机"), fault="warning"),
    Field("internal", "是否本单位", INTERNAL, ("本单位", "校内外", "是否校内"), required=True, blank="error"),
    Field("department", "部门", LINE, ("所属部门", "院系", "学院", "课题组部门"), fault="warning"),
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer; names and types as in ``ledger.customer``. ``revenue_wan`` in 万元."""

    row: int
    findings: tuple[Finding, ...]
    name: str
    uscc: str
    nature: str
    city: str
    industry: str
    n_staff: int | None
    revenue_wan: Decimal | None
    size_class: str
    size_on: date | None
    contact: str
    phone: str
    internal: bool
    department: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[CustomerRow]:
    """Read customers. Rejected: wrong credit code, no or repeated name, one credit code for two names, 是否本单位 not answered.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    codes: dict[str, int] = {}

    def check(values: dict[str, Any], teller: Teller) -> None:
        code = values["uscc"]
        if not code:
            if values["internal"] is False and not teller.rejected:
                teller.tell("uscc", "import.no_uscc", "warning")
        elif not uscc.is_valid(code):
            teller.tell("uscc", "import.uscc", shown=code)
        elif codes.setdefault(code, teller.row) != teller.row:
            teller.tell("uscc", "import.repeated", shown=code, row=codes[code])

    return reading.read(found, FIELDS, CustomerRow, key=_key, key_field="name", check=check, cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    return str(values["name"])
