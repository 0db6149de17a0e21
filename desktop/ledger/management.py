"""Management documents (管理制度) and agreements on intellectual property (知识产权约定): dated papers an institution has (clause 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

RULE_KINDS = ("sharing", "fees", "flow", "safety", "data", "income", "incentive", "other")
"""开放共享管理办法, 收费管理办法, 服务流程, 安全管理, 知识产权和数据保护, 收入分配办法, 实验技术人员激励办法, 其他."""

AGREEMENT = "ip_agreement"
"""知识产权约定: with one customer, named as ``party``."""

MANAGEMENT_KINDS = (*RULE_KINDS, AGREEMENT)


@dataclass(frozen=True, slots=True)
class ManagementDocument:
    """``number`` is the paper's own (文号); in force from ``from_on`` to ``last_on`` (None: no end), both days included, Asia/Shanghai.

    ``issued_on`` is the day it was issued or signed, ``issuer`` who issued it; ``party`` the customer of an agreement, else "".
    """

    id: str
    kind: str
    number: str
    title: str
    issued_on: date
    from_on: date
    last_on: date | None = None
    issuer: str = ""
    party: str = ""
    note: str = ""
    noted_by: str = ""
