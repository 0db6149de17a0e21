"""Price rows as they were published: what their cells are called, and one row in one line."""

from __future__ import annotations

from desktop.actions import fee_building
from desktop.words import tr


def cell_titles() -> dict[str, str]:
    """What the cells of a price row are called."""
    return {
        "item": tr("收费项目"),
        "unit": tr("计费单位"),
        "internal": tr("校内"),
        "external": tr("校外"),
        "startup": tr("开机费"),
        "minimum": tr("最小预约"),
        "note": tr("备注"),
    }


def published(source_text: str) -> str:
    """A published row as people read it: 样 · 校内 150 · 校外 300. The unit and the note go without their names."""
    cells, titles = fee_building.cells_in(source_text), cell_titles()
    named = [f"{titles[name]} {cells[name]}" for name in ("internal", "external", "startup", "minimum") if cells[name]]
    return " · ".join(part for part in (cells["unit"], *named, cells["note"]) if part)
