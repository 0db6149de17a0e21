"""Instruments (单台套仪器): the national 40-column sheet and the columns our duties need besides. No ledger is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import (
    CLASS_CODE,
    CODE,
    DAY,
    FEN_OF_WAN,
    FILING,
    GIVEN_CODE,
    HOURS,
    LINE,
    SECRECY,
    TEXT,
    UPPER_CODE,
    YES_NO,
    Field,
)
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger import money
from desktop.ledger.finding import Finding

SHEET = "单台套仪器"
# 十亿元: yuan entered under a header that says 万元 come out above it, instruments do not.
_HARDLY_FEN = 100_000_000_000
_HOURS_OF_A_YEAR = 8_784

# The order is the national sheet's. 仪器编号 there is the network's number; the key is 所在单位仪器编号.
FIELDS: tuple[Field, ...] = (
    Field("network_number", "仪器编号", GIVEN_CODE, ("平台编号", "入网编号", "网络编号", "国家平台编号"), fault="warning"),
    Field(
        "asset_number",
        "所在单位仪器编号",
        CODE,
        ("资产编号", "资产编码", "固定资产编号", "设备编号", "仪器设备编号", "单位内编号", "单位仪器编号", "资产号"),
        required=True,
        blank="error",
    ),
    Field(
        "name",
        "仪器设备名称",
        LINE,
        ("设备名称", "仪器名称", "中文名称", "资产名称", "名称"),
        required=True,
        blank="warning",
        fault="warning",
    ),
    Field("english_name", "英文名称", LINE, ("仪器英文名称", "外文名称"), fault="warning"),
    Field("carrier_type", "所属资源载体类型", LINE, ("资源载体类型", "载体类型"), fault="warning"),
    Field("carrier_number", "载体内部编号", LINE, ("载体编号",), fault="warning"),
    Field("department", "所属单位内部门", LINE, ("所属部门", "使用部门", "部门", "所在部门", "院系"), fault="warning"),
    Field(
        "class_code",
        "仪器分类编码",
        CLASS_CODE,
        ("分类编码", "仪器分类代码", "分类代码", "仪器分类"),
        required=True,
        blank="error",
    ),
    Field("source", "来源", LINE, ("仪器来源", "设备来源"), fault="warning"),
    Field("customs_supervised", "海关监管", YES_NO, ("是否海关监管",), fault="warning"),
    Field(
        "value_fen",
        "原值",
        FEN_OF_WAN,
        ("仪器原值", "设备原值", "资产原值", "价值", "单价", "购置金额"),
        required=True,
        blank="error",
    ),
    Field("country", "国别", LINE, ("产地国别", "国家", "产地"), fault="warning"),
    Field("manufacturer", "制造商", LINE, ("生产厂家", "生产厂商", "厂家", "制造厂商"), fault="warning"),
    Field("booked_on", "建账日期", DAY, ("建账时间", "入账日期", "建账日", "启用日期")),
    Field("category", "类别", LINE, ("仪器类别",), fault="warning"),
    Field("model", "型号", LINE, ("规格型号", "仪器型号", "型号规格"), fault="warning"),
    Field("technical", "技术指标", TEXT, ("主要技术指标",), fault="warning"),
    Field("functions", "功能", TEXT, ("主要功能", "功能应用范围"), fault="warning"),
    Field("subjects", "学科", LINE, ("学科领域", "主要学科领域", "所属学科"), fault="warning"),
    Field("funds", "经费来源", LINE, ("购置经费来源", "资金来源"), fault="warning"),
    Field("service_content", "服务内容", TEXT, ("主要服务内容",), fault="warning"),
    Field("image", "图片", LINE, ("仪器图片", "照片"), fault="warning"),
    Field("yearly_hours", "年运行机时", HOURS, ("年总运行机时", "运行机时"), fault="warning"),
    Field("user_notes", "用户须知", TEXT, ("预约须知",), fault="warning"),
    Field("fee_text", "收费标准", TEXT, ("参考收费标准", "对外收费标准"), fault="warning"),
    Field("booking_url", "预约网址", LINE, ("预约地址", "服务网址"), fault="warning"),
    Field("province", "省", LINE, ("省份",), fault="warning"),
    Field("city", "市", LINE, ("城市", "地市"), fault="warning"),
    Field("county", "区县", LINE, ("县区", "县市区"), fault="warning"),
    Field("street", "街道", LINE, ("安放地址", "街道地址"), fault="warning"),
    Field("external_hours", "年对外服务机时", HOURS, ("年服务机时", "对外服务机时"), fault="warning"),
    Field("contact", "联系人", LINE, ("仪器联系人", "负责人"), fault="warning"),
    Field("phone", "电话", CODE, ("联系电话", "手机"), fault="warning"),
    Field("email", "邮箱", LINE, ("电子邮箱", "邮件", "E-mail"), fault="warning"),
    Field("address", "通讯地址", LINE, ("通信地址", "地址"), fault="warning"),
    Field("postcode", "邮编", CODE, ("邮政编码",), fault="warning"),
    Field("declaration_number", "进口报关单编号", UPPER_CODE, ("报关单编号", "进口报关单号"), fault="warning"),
    Field("declaration_item", "报关单项号", CODE, ("项号",), fault="warning"),
    Field("released_on", "海关放行日期", DAY, ("放行日期",)),
    Field("declared_name", "报关单上的名称", LINE, ("报关名称",), fault="warning"),
    Field("accepted_on", "安装验收日期", DAY, ("验收日期", "安装验收时间", "验收时间")),
    Field("fiscal", "财政资金", YES_NO, ("是否财政资金", "财政资金购置", "是否财政资金购置"), fault="warning"),
    # A secret that cannot be read must not be taken for none. A level may be stated in its place: 机密 says that it is confidential.
    Field("confidential", "涉密", SECRECY, ("是否涉密", "涉密仪器"), single=True),
    Field("filing_number", "报备文号", FILING, ("报备号", "备案文号", "备案号"), fault="warning"),
    Field("joined_on", "入网日期", DAY, ("入网时间",)),
    Field("filed_on", "报备日期", DAY, ("报备时间", "备案日期")),
)
READ: tuple[Field, ...] = (*FIELDS, Field("secrecy_level", "密级", SECRECY, ("保密等级", "涉密等级"), single=True))
"""What is read: a file may state the level in a column of its own, which no sheet that is written has."""
SECRECY_COLUMNS = ("confidential", "secrecy_level")


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """One instrument as its row says it; names and types as in ``ledger.instrument``. None and "" are not stated."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    name: str
    value_fen: int
    class_code: str
    network_number: str
    english_name: str
    carrier_type: str
    carrier_number: str
    department: str
    source: str
    customs_supervised: bool | None
    country: str
    manufacturer: str
    booked_on: date | None
    category: str
    model: str
    technical: str
    functions: str
    subjects: str
    funds: str
    service_content: str
    image: str
    yearly_hours: Decimal | None
    user_notes: str
    fee_text: str
    booking_url: str
    province: str
    city: str
    county: str
    street: str
    external_hours: Decimal | None
    contact: str
    phone: str
    email: str
    address: str
    postcode: str
    declaration_number: str
    declaration_item: str
    released_on: date | None
    declared_name: str
    accepted_on: date | None
    fiscal: bool | None
    confidential: bool | None
    filing_number: str
    joined_on: date | None
    filed_on: date | None
    secrecy_level: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[InstrumentRow]:
    """Read instruments. Rejected: no or repeated asset number, repeated network number, value missing, negative or not a number, unreadable date, 涉密
    or 密级, the two at odds, class code not six digits.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, READ, mapping)
    carriers: dict[str, tuple[str, int]] = {}

    def check(values: dict[str, Any], teller: Teller) -> None:
        stated = secrecy(*(values[name] for name in SECRECY_COLUMNS))
        if stated is None:
            teller.tell("secrecy_level", "import.secrecy_at_odds")
        else:
            values.update(zip(SECRECY_COLUMNS, stated, strict=True))
        value, asset, network = values["value_fen"], values["asset_number"], values["network_number"]
        if value is not None and value > _HARDLY_FEN:
            teller.tell("value_fen", "import.value_absurd", "warning", yuan=money.text(value))
        if value == 0:
            teller.tell("value_fen", "import.value_zero", "warning")
        for name in ("yearly_hours", "external_hours"):
            if values[name] is not None and values[name] > _HOURS_OF_A_YEAR:
                teller.tell(name, "import.hours_beyond_year", "warning", shown=values[name])
        # The asset number a second time has its own words.
        if network and asset:
            carrier, row = carriers.setdefault(network, (asset, teller.row))
            if carrier != asset:
                teller.tell("network_number", "import.network_number_taken", shown=network, asset_number=carrier, row=row)

    return reading.read(found, READ, InstrumentRow, key=_key, key_field="asset_number", check=check, cancelled=cancelled)


def secrecy(confidential: bool | str | None, level: bool | str | None) -> tuple[bool | None, str] | None:
    """Whether a set is confidential and its level ("" not stated) by what the columns 涉密 and 密级 say, each a truth, a level, or nothing.

    None where they are at odds: one says that it is confidential and the other that it is not, or they state two levels.
    """
    said = {one for one in (confidential, level) if one is not None}
    levels = {one for one in said if isinstance(one, str)}
    if len(levels) > 1 or (False in said and len(said) > 1):
        return None
    return False not in said if said else None, next(iter(levels), "")


def _key(values: dict[str, Any]) -> str:
    return str(values["asset_number"])
