"""What a university states of its sets for the sharing system (CERS), from a file: one row a set, one column an item; an empty cell says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, LINE, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.cers import STATED
from desktop.ledger.finding import Finding

SHEET = "共享系统信息"

FIELDS: tuple[Field, ...] = (
    Field("asset_number", "仪器编号", CODE, ("所在单位仪器编号", "资产编号"), required=True, blank="error"),
    Field("inner_id", "共享系统编号", CODE, ("InnerID", "内部编号")),
    Field("assets_code", "固定资产分类代码", CODE, ("AssetsCode", "固定资产分类编码")),
    Field("classification_code", "共享分类编码", CODE, ("ClassificationCode",)),
    Field("alias", "别名", LINE, ("Alias", "仪器别名")),
    Field("application_area", "应用领域", LINE, ("ApplicationArea", "主要应用领域")),
    Field("maker_certification", "生产厂商资质", LINE, ("ManuCertification", "厂商资质")),
    Field("country_code", "产地国别代码", CODE, ("ManuCountryCode", "产地国别（代码）")),
    Field("image_url", "图片网址", LINE, ("ImageURL",)),
    Field("group_id", "机组编号", LINE, ("GroupID", "所属机组编号")),
    Field("share_level", "共享特色代码", LINE, ("ShareLevel", "共享级别")),
    Field("open_calendar", "开放时间", LINE, ("OpenCalendar", "开放时间安排")),
    Field("service_charge", "参考收费标准", LINE, ("ServiceCharge",)),
    Field("state", "共享系统状态", LINE, ("State",)),
    Field("page_url", "仪器网址", LINE, ("URL",)),
)


@dataclass(frozen=True, slots=True)
class CersSetRow:
    """What is stated of one set; "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    inner_id: str
    assets_code: str
    classification_code: str
    alias: str
    application_area: str
    maker_certification: str
    country_code: str
    image_url: str
    group_id: str
    share_level: str
    open_calendar: str
    service_charge: str
    state: str
    page_url: str

    @property
    def given(self) -> dict[str, str]:
        """Item -> what is stated, of those that are."""
        return {name: text for name in STATED if (text := getattr(self, name))}


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[CersSetRow]:
    """Read what is stated. Rejected: a row without a set or without anything stated, a set that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, CersSetRow, key=_key, key_field="asset_number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if values["asset_number"] and not any(values[name] for name in STATED):
        teller.tell("asset_number", "cers.file_nothing")


def _key(values: dict[str, Any]) -> str:
    return str(values["asset_number"])
