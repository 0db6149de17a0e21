"""The gallery of reports: for each its first page as it would be printed now, its name, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.ui import texts, theme
from desktop.words import tr

Index = QModelIndex | QPersistentModelIndex
_CARD = Qt.ItemDataRole.UserRole
THUMB_DPI = 72  # drawn larger than shown and scaled down smoothly, so that lines stay lines
_THUMB = (92, 88)


@dataclass(frozen=True, slots=True)
class Card:
    """One report: ``image`` None while it is being drawn; ``trouble`` says why there is none."""

    kind: str
    title: str
    use: str
    n_pages: int = 0
    image: QImage | None = None
    trouble: str = ""


def titles() -> dict[str, tuple[str, str]]:
    """Kind -> name and what it is for."""
    return {
        "joining": (tr("入网情况"), tr("应入网仪器、期限和办理状态，报设备处和省平台")),
        "fees": (tr("收费标准公示"), tr("在执行的收费项目和价格，张贴或上网公示")),
        "quarterly": (tr("季度共享"), tr("每台仪器的机时、对外服务和收入，按季上报")),
        "transactions": (tr("年度交易额"), tr("一年里对外服务的合同、金额和发票，申报奖补用")),
        "performance": (tr("绩效情况"), tr("每台仪器的利用率、共享率和机时得分，对照全国平均")),
        "benefit": (tr("效益评价"), tr("每台仪器五项得分、总分和等级，教育部年度效益评价")),
        "balance": (tr("收支对照"), tr("每台仪器全年收入与成本，核对成本补偿、非盈利")),
        "transfers": (tr("调配候选"), tr("通用而少用、少共享的仪器，可内部调配或无偿划拨")),
        "award": (tr("奖励申报"), tr("上年度服务交易额和每笔的合同、发票、到账，申报省里奖励")),
        "integrity": (tr("诚信自查"), tr("时间重叠、机时过长、补记等需要能够说明的记录")),
        "rectification": (tr("整改报告"), tr("收到的通知、自查发现、每条的说明和更正，附签字栏")),
        "national_income": (tr("服务收入汇总"), tr("一年到账的发票凭证，国家平台年度成效附表")),
        "national_assets": (tr("大型仪器明细"), tr("原值50万元以上的仪器，国家平台年度成效附表")),
        "national_audit": (tr("平台审核"), tr("国家平台接收的每台仪器、每条服务记录审核通过没有，未通过的原因")),
        "pilot_catalogue": (tr("中试目录"), tr("中试基地、设备、服务内容和开放状态，附图片，对外公布")),
        "pilot_award": (tr("中试奖补申报"), tr("每个基地的条件、上年度中试服务交易额和逐笔依据")),
        "pilot_performance": (tr("中试服务业绩"), tr("一年的中试服务、收入、用户和共建方，申报技术转移机构用")),
        "trainings": (tr("培训情况"), tr("一年的培训、参加的人、证书和认定的人才，报中试人才培养情况")),
        "management": (tr("管理制度清单"), tr("应有的管理制度有没有、过期没有，和使用单位的知识产权约定")),
        "sensors": (tr("传感器核对"), tr("传感器覆盖率，每台仪器申报机时与实测机时逐日对照")),
        "university": (tr("高校年报"), tr("SJ2 增减、SJ3 每台仪器的使用和还缺什么，报教育部前核对")),
        "cers": (tr("高校共享系统"), tr("CERS 每台仪器要报的各项和还缺什么，写出报文前核对")),
        "payout": (tr("分配表"), tr("从收入到每个人，大写金额和签字栏，附每人明细")),
    }


class _CardLines(QStyledItemDelegate):
    """The first page at the left; name, use and pages beside it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        card: Card = index.data(_CARD)
        gap = theme.px(theme.UNIT)
        frame = QRect(option.rect.x() + gap, option.rect.y() + gap, theme.px(_THUMB[0]), theme.px(_THUMB[1]))
        painter.save()
        self._thumb(painter, card, frame)
        left = frame.right() + 2 * gap
        room = QRect(left, frame.y(), option.rect.right() - gap - left, frame.height())
        strong = QFont(option.font)
        strong.setBold(True)
        small = QFont(option.font)
        small.setPixelSize(theme.px(12))
        painter.setFont(strong)
        painter.setPen(theme.colour("plain"))
        high = QFontMetrics(strong).height() + 2
        name = QFontMetrics(strong).elidedText(card.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QRect(room.x(), room.y(), room.width(), high), int(Qt.AlignmentFlag.AlignLeft), name)
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        wrap = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        below = QFontMetrics(small).height() + 2
        spacing = QFontMetrics(small).lineSpacing()
        lines = (room.height() - high - below) // spacing
        painter.drawText(QRect(room.x(), room.y() + high, room.width(), lines * spacing), wrap, card.use)
        last = QRect(room.x(), room.bottom() - below + 1, room.width(), below)
        said = card.trouble or (tr("{n} 页", n=card.n_pages) if card.image is not None else tr("正在生成…"))
        if card.trouble:
            painter.setPen(theme.colour("warning"))
        said = QFontMetrics(small).elidedText(said, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(last, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), said)
        painter.restore()

    def _thumb(self, painter: QPainter, card: Card, frame: QRect) -> None:
        image = card.image
        place = QRect(frame)
        if image is not None:
            size = image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(frame.x() + (frame.width() - size.width()) // 2, frame.y(), size.width(), size.height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, image)
        else:
            painter.fillRect(place, QColor(theme.colours().base))
            icon = theme.pixmap("warning" if card.trouble else "report", "muted", 24, 1.0)
            painter.drawPixmap(place.center().x() - icon.width() // 2, place.center().y() - icon.height() // 2, icon)
        painter.setPen(QPen(QColor(theme.colours().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(240), theme.px(_THUMB[1] + 2 * theme.UNIT))


class Gallery(QListWidget):
    """``chosen(kind)``: another report is current."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_CardLines(self))
        self.setAccessibleName(tr("报表"))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._places: dict[str, int] = {}
        for place, (kind, (title, use)) in enumerate(titles().items()):
            self._places[kind] = place
            self.addItem(QListWidgetItem())
            self.show_card(Card(kind, title, use))
        self.setCurrentRow(0)
        self.currentRowChanged.connect(lambda row: self.chosen.emit(self.kind()))

    def kind(self) -> str:
        """The report that is current."""
        return self.card(self.currentRow()).kind

    def card(self, place: int) -> Card:
        """The card at a place."""
        found = self.item(place).data(_CARD)
        if not isinstance(found, Card):
            raise TypeError("every item holds a card")
        return found

    def choose(self, kind: str) -> None:
        """Make a report current; an unknown kind changes nothing."""
        if kind in self._places:
            self.setCurrentRow(self._places[kind])

    def show_card(self, card: Card) -> None:
        """Show this card in the place of its kind."""
        item = self.item(self._places[card.kind])
        item.setData(_CARD, card)
        said = " ".join(part for part in (card.title, card.use, card.trouble) if part)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        item.setToolTip(texts.tip("\n".join(part for part in (card.title, card.use, card.trouble) if part)))

    def show_image(self, kind: str, image: QImage, n_pages: int) -> None:
        """The first page is drawn."""
        title, use = titles()[kind]
        size = QSize(theme.px(_THUMB[0]), theme.px(_THUMB[1])) * 2
        small = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self.show_card(Card(kind, title, use, n_pages, small))

    def show_trouble(self, kind: str, words: str) -> None:
        """There is nothing to draw, and why."""
        title, use = titles()[kind]
        self.show_card(Card(kind, title, use, trouble=words))

    def show_waiting(self, kind: str) -> None:
        """It is being drawn anew; the old picture stays until then."""
        old = self.card(self._places[kind])
        if old.trouble:
            title, use = titles()[kind]
            self.show_card(Card(kind, title, use))
