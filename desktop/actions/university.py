"""What a university reports each year (the ministry's tables, the sharing system's XML): the school's own code, which both have in every row."""

from __future__ import annotations

import re

from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused

SCHOOL = "university.school"
_CODE = re.compile(r"[0-9]{5}")


def school_code(workspace: Workspace) -> str:
    """The school's code in the ministry's list, five digits; "" while nobody entered it."""
    return workspace.setting(SCHOOL)


def set_school_code(workspace: Workspace, code: str) -> str:
    """Keep the school's code, "" forgets it; returns what is kept. Raises Refused ``university.school_code`` for what is not five digits."""
    told = code.strip()
    if told and not _CODE.fullmatch(told):
        raise Refused("university.school_code", shown=told)
    workspace.keep(SCHOOL, told)
    return told
