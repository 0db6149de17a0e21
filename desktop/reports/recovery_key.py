"""The page with the recovery key: printed once, signed, and locked away. The only paper that opens a ledger."""

from __future__ import annotations

from desktop.reports.content import Content, Heading, KeyValues, Letterhead, Paragraph, Signatures
from desktop.words import tr


def page(head: Letterhead, ledger: str, key: str) -> Content:
    """The page for one ledger; ``ledger`` is its id, ``key`` the eight groups as they are typed."""
    return Content(
        kind="recovery_key",
        title=tr("台账恢复密钥"),
        subtitle=head.institution,
        period=head.as_of.isoformat(),
        letterhead=head,
        orientation="portrait",
        blocks=(
            Paragraph(tr("忘记口令或更换电脑时，用它打开台账。任何人拿到它都能打开台账，请装入信封、由专人锁存。"), strong=True),
            Heading(tr("恢复密钥")),
            KeyValues(((tr("恢复密钥"), key), (tr("台账编号"), ledger))),
            Paragraph(tr("使用方法：打开程序，在要求输入口令的窗口中输入上面的恢复密钥（连字符也要输入，不分大小写）。")),
            Paragraph(tr("重新生成恢复密钥后，本页作废，请销毁。此前的备份仍用备份当时的口令和恢复密钥打开。")),
            Signatures((tr("保管人"), tr("见证人"))),
        ),
    )
