"""What the palette (Ctrl+K) offers to do, page by page, whether or not the page was opened before.

``act`` names a method of the page (``steps.add`` one of its steps); without one the page is only shown as ``where`` says.
"""

from __future__ import annotations

from typing import NamedTuple


class PageCommand(NamedTuple):
    """A title (said through tr), an icon, and what it leads to."""

    title: str
    icon: str
    act: str = ""
    where: tuple[tuple[str, str], ...] = ()


INSTRUMENTS = (
    PageCommand("添加仪器", "add", "steps.add"),
    PageCommand("导入仪器表", "import", "steps.import_file"),
    PageCommand("粘贴仪器表", "spreadsheet", "steps.paste"),
    PageCommand("导出 40 列仪器表", "export", "export_shown"),
    PageCommand("看调配候选", "search", "transfer_candidates"),
    PageCommand("写涉密仪器的报备说明", "confidential", "steps.filing_statement"),
)
PILOT = (
    PageCommand("登记中试基地", "add", "new_base", (("tab", "bases"),)),
    PageCommand("登记中试设备", "add", "new_equipment", (("tab", "equipment"),)),
    PageCommand("看中试目录", "report", "show_catalogue"),
    PageCommand("看一年的中试服务", "record", where=(("tab", "services"),)),
)
FEES = (
    PageCommand("新建收费标准", "add", "new"),
    PageCommand("导入价目表", "import", "import_file"),
)
RECORDS = (
    PageCommand("快速录入服务记录", "add", "new"),
    PageCommand("从 Excel 粘贴服务记录", "spreadsheet", "open_grid"),
    PageCommand("导入使用记录表", "import", "import_file"),
    PageCommand("服务记录全部记账", "approve", "post_up_to"),
    PageCommand("看有问题的服务记录", "warning", where=(("problem", "1"),)),
)
PAYOUTS = (
    PageCommand("编制分配", "payout", "prepare", (("tab", "runs"),)),
    PageCommand("申报成本", "coins", "costs.add", (("tab", "costs"),)),
    PageCommand("申报零成本", "coins", "costs.declare_zero", (("tab", "costs"),)),
    PageCommand("新建分配方案", "add", "schemes.write_new", (("tab", "schemes"),)),
    PageCommand("月结", "calendar", where=(("tab", "months"),)),
    PageCommand("比较两个期间的发放", "payout", where=(("tab", "compare"),)),
    PageCommand("看技术人员的岗位、职称、考核和证书", "person", where=(("tab", "staff"),)),
    PageCommand("登记培训", "add", "trainings.enter", (("tab", "trainings"),)),
)
VOUCHERS = (
    PageCommand("看创新券年度上限", "voucher", where=(("tab", "caps"),)),
    PageCommand("看创新券兑付申请", "voucher", where=(("tab", "claims"),)),
)
COMPLIANCE = (
    PageCommand("看逾期未入网的仪器", "duty", where=(("state", "overdue"),)),
    PageCommand("校验台账", "check", "verification.verify", (("tab", "verify"),)),
    PageCommand("导入一年的放假安排", "calendar", "calendars.choose", (("tab", "calendars"),)),
    PageCommand("登记申购", "add", "purchases.propose", (("tab", "purchases"),)),
    PageCommand("登记管理制度", "add", "management.enter", (("tab", "management"),)),
    PageCommand("核对高校年报", "report", where=(("tab", "university"),)),
    PageCommand("核对高校共享系统报送", "report", where=(("tab", "cers"),)),
)
PERFORMANCE = (
    PageCommand("看各部门和平台的绩效", "evaluation", where=(("tab", "groups"),)),
    PageCommand("看效益评价得分", "evaluation", where=(("tab", "sets"),)),
    PageCommand("导入评价数据", "import", "steps.import_file", (("tab", "sets"),)),
    PageCommand("录入用户评价", "edit", "steps.rate", (("tab", "ratings"),)),
)
REPORTS = (
    PageCommand("打印入网情况", "report", where=(("kind", "joining"),)),
    PageCommand("打印收费标准公示", "report", where=(("kind", "fees"),)),
    PageCommand("打印季度共享", "report", where=(("kind", "quarterly"),)),
    PageCommand("打印年度交易额", "report", where=(("kind", "transactions"),)),
    PageCommand("打印管理制度清单", "report", where=(("kind", "management"),)),
    PageCommand("打印分配表", "report", where=(("kind", "payout"),)),
    PageCommand("打印历史", "history", where=(("tab", "history"),)),
)
SYNC = (
    PageCommand("查看将离开本机的内容", "visible", "look"),
    PageCommand("只接收网络上的新内容", "down", "receive"),
)
SETTINGS = (
    PageCommand("立即备份到文件", "save", "back_up", (("tab", "backup"),)),
    PageCommand("从备份恢复", "history", where=(("tab", "backup"),)),
    PageCommand("人员", "person", where=(("tab", "people"),)),
    PageCommand("规则参数", "duty", where=(("tab", "rules"),)),
    PageCommand("更换口令", "key", where=(("tab", "key"),)),
    PageCommand("语言与外观", "language", where=(("tab", "look"),)),
    PageCommand("操作日志", "history", where=(("tab", "history"),)),
)
