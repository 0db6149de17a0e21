"""An invented catalogue of other institutions' instruments: the same seed gives the same instruments, byte for byte.

Names are put together from words of the trade; no institution and no instrument of it exists.
"""

from __future__ import annotations

import random
import tomllib
import uuid
from collections.abc import Iterator
from importlib import resources

from sqlalchemy import Connection, delete, insert

from network import library, schema

N_INSTRUMENTS = 30_000
_PART = 2_000
_FOUNDED = ("岱青", "泉城", "齐鲁", "海岳", "汶水", "沂蒙", "渤湾", "琅琊", "运河", "崂山")
_BODIES = (
    "样本大学",
    "样本师范学院",
    "样本农业研究院",
    "样本医院",
    "样本检测中心",
    "样本仪器公司",
    "样本材料研究所",
    "样本新型研发院",
)
_MAKERS = ("甲样仪器", "乙样光学", "丙样精工", "丁样测控", "戊样科学")
_SIZES = ("台式", "落地式", "便携式", "高通量", "高分辨", "超低温", "全自动", "原位")
_SERVICES = ("样品测试、数据分析", "样品制备、测试", "方法开发、培训", "自主上机", "委托测试")
_THINGS = {
    "01": ("场发射扫描电镜", "透射电镜", "X射线衍射仪", "气质联用仪", "液质联用仪", "核磁共振波谱仪", "红外光谱仪", "激光共聚焦显微镜", "流式细胞仪"),
    "02": ("万能材料试验机", "纳米压痕仪", "热膨胀仪", "导热系数仪", "疲劳试验机"),
    "03": ("三坐标测量机", "激光干涉仪", "标准电阻测量系统"),
    "04": ("矢量网络分析仪", "示波器", "频谱分析仪", "逻辑分析系统"),
    "05": ("多波束测深系统", "温盐深仪", "浅地层剖面仪"),
    "06": ("探地雷达", "高密度电法仪", "地震仪"),
    "07": ("气溶胶质谱仪", "测风激光雷达"),
    "08": ("光谱望远镜", "天文成像相机"),
    "09": ("超声诊断系统", "小动物活体成像仪", "磁共振成像系统"),
    "10": ("伽马能谱仪", "液体闪烁计数器"),
    "11": ("无损检测系统", "气密性检测仪"),
    "12": ("中试反应装置", "喷雾干燥塔", "磁控溅射镀膜机", "超净发酵系统"),
    "13": ("高性能计算机", "图形工作站集群"),
    "14": ("飞秒激光器", "光纤激光器"),
    "99": ("环境模拟舱", "低速风洞"),
}  # fmt: skip


def instruments(n_instruments: int, seed: int) -> Iterator[dict[str, object]]:
    """The entries of the catalogue, in no order of their ids. Deterministic in both arguments."""
    draw = random.Random(seed)  # noqa: S311 - invented data, no secret
    places = _places()
    for number in range(1, n_instruments + 1):
        city, county = places[draw.randrange(len(places))]
        large = draw.choice(sorted(_THINGS))
        thing = draw.choice(_THINGS[large])
        price = draw.randrange(5, 200) * 10
        yield {
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "institution_name": f"{city}{draw.choice(_FOUNDED)}{draw.choice(_BODIES)}",
            "name": f"{draw.choice(_SIZES)}{thing}",
            "class_code": f"{large}0000",
            "model": f"{draw.choice('ABCDEFGHKMNPRSTX')}{draw.choice('ABCDEFGHKMNPRSTX')}-{draw.randrange(100, 9999)}",
            "manufacturer": draw.choice(_MAKERS),
            "service_content": draw.choice(_SERVICES),
            "fee_text": f"{price}元/小时",
            "province": "山东省",
            "city": city,
            "county": county,
            "network_number": f"SD{number:06}",
        }


def seed_catalogue(connection: Connection, n_instruments: int, seed: int) -> int:
    """Put the invented catalogue in the place of the one that is there; how many instruments it has."""
    connection.execute(delete(schema.catalogue))
    part: list[dict[str, object]] = []
    for entry in instruments(n_instruments, seed):
        part.append(library.catalogue_row(entry))
        if len(part) == _PART:
            connection.execute(insert(schema.catalogue), part)
            part = []
    if part:
        connection.execute(insert(schema.catalogue), part)
    return n_instruments


def _places() -> list[tuple[str, str]]:
    text = resources.files("resources").joinpath("codes", "regions.toml").read_text(encoding="utf-8")
    found = []
    for city in tomllib.loads(text).values():
        found += [(city["name"], county) for code, county in city.items() if code != "name"]
    return sorted(found)
