"""The style sheet: one text, filled with a palette and scaled lengths. Only looks; no behaviour depends on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_LENGTH = re.compile(r"(\d+)px!")  # lengths marked with ! grow with the font size
_COLOUR = re.compile(r"@(\w+)")

_SHEET = """
QToolTip { border: 1px solid @line; padding: 4px!; background: @base; color: @plain; }
QLabel[role="title"] { font-size: 20px!; font-weight: bold; }
QLabel[role="section"] { font-size: 16px!; font-weight: bold; }
QLabel[role="strong"] { font-weight: bold; }
QLabel[role="large"] { font-size: 24px!; font-weight: bold; }
QLabel[tone="plain"] { color: @plain; }
QLabel[tone="muted"] { color: @muted; }
QLabel[tone="note"] { color: @note; }
QLabel[tone="done"] { color: @done; }
QLabel[tone="warning"] { color: @warning; }
QLabel[tone="error"] { color: @error; }

QPushButton, QToolButton { icon-size: 16px!; }
QPushButton {
  background: @base; border: 1px solid @line; border-radius: 4px; padding: 0 12px!; min-height: 30px!; color: @plain;
  outline: none; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selected; }
QPushButton:checked { background: @selected; border-color: @accent; }
QPushButton:focus { border: 2px solid @accent; padding: 0 11px!; min-height: 28px!; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton[role="primary"] { background: @accent; color: @on_accent; border-color: @accent; font-weight: bold; }
QPushButton[role="primary"]:hover { background: @note; }
QPushButton[role="primary"]:focus { border: 2px solid @plain; }
QPushButton[role="primary"]:disabled { background: @line; border-color: @line; color: @muted; }
QPushButton[role="danger"] { color: @error; border-color: @error; font-weight: bold; }
QPushButton[role="link"] {
  background: transparent; border: 1px solid transparent; color: @accent; padding: 0 4px!; min-height: 22px!; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid @accent; padding: 0 4px!; min-height: 22px!; }
QPushButton[role="chip"] {
  border-radius: 12px!; padding: 0 10px!; min-height: 24px!; border: 1px solid @line; background: @base; }
QPushButton[role="chip"]:hover { background: @hover; }
QPushButton[role="chip"]:checked { background: @selected; border-color: @accent; font-weight: bold; }
QPushButton[role="chip"]:focus { border: 1px solid @accent; padding: 0 10px!; min-height: 24px!; }
QPushButton[role="card"] { background: @base; border: 1px solid @line; border-radius: 6px; padding: 0; min-height: 64px!; }
QPushButton[role="card"]:hover { background: @hover; }
QPushButton[role="card"]:checked { background: @selected; border-color: @accent; }
QPushButton[role="card"]:focus { border: 2px solid @accent; padding: 0; min-height: 62px!; }

QToolButton {
  background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px!; color: @plain; }
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked { background: @selected; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton:disabled { color: @muted; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QSpinBox {
  background: @base; border: 1px solid @line; border-radius: 4px; padding: 0 7px!; color: @plain;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit, QComboBox, QDateEdit, QSpinBox { min-height: 30px!; max-height: 30px!; }
QPlainTextEdit, QTextEdit { padding: 4px!; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {
  border: 1px solid @accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only {
  background: @window; color: @muted; }
QLineEdit[tone="error"], QPlainTextEdit[tone="error"], QComboBox[tone="error"] { border: 1px solid @error; }
QLineEdit[tone="warning"], QPlainTextEdit[tone="warning"], QComboBox[tone="warning"] { border: 1px solid @warning; }
QComboBox::drop-down { border: none; width: 24px!; }
QComboBox::down-arrow { image: url(@arrow); width: 14px!; height: 14px!; }
QComboBox QAbstractItemView {
  background: @base; border: 1px solid @line; selection-background-color: @selected; selection-color: @plain;
  outline: none; padding: 4px!; }

QCheckBox, QRadioButton { spacing: 6px!; color: @plain; min-height: 24px!; }
QCheckBox::indicator, QMenu::indicator {
  width: 14px!; height: 14px!; border: 1px solid @muted; border-radius: 3px; background: @base; }
QCheckBox::indicator:checked, QMenu::indicator:checked { background: @accent; border-color: @accent; image: url(@tick); }
QCheckBox::indicator:focus { border: 1px solid @accent; }
QCheckBox:focus, QRadioButton:focus { color: @accent; }
QRadioButton::indicator { width: 14px!; height: 14px!; border: 1px solid @muted; border-radius: 8px!; background: @base; }
QRadioButton::indicator:checked { border: 5px solid @accent; width: 6px!; height: 6px!; }
QMenu::indicator { margin-left: 6px!; }

QTableView, QTreeView, QListView {
  background: @base; border: 1px solid @line; border-radius: 4px; gridline-color: @line; outline: none;
  selection-background-color: @selected; selection-color: @plain; alternate-background-color: @window; }
QTableView::item { padding: 0 6px!; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 1px solid @accent; }
QHeaderView { background: @window; border: none; }
QHeaderView::section {
  background: @window; color: @muted; border: none; border-right: 1px solid @line; border-bottom: 1px solid @line;
  padding: 0 8px!; font-weight: bold; }
QHeaderView::section:last { border-right: none; }
QTableCornerButton::section { background: @window; border: none; }

QAbstractScrollArea#timeline { border: 1px solid @line; border-radius: 4px; background: @base; }
QAbstractScrollArea#timeline:focus { border: 1px solid @accent; }
QListView#parts::item { padding-left: 6px!; }

QMenu { background: @base; border: 1px solid @line; padding: 4px!; color: @plain; }
QMenu::item { padding: 6px! 24px! 6px! 12px!; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px!; }

QScrollBar { background: transparent; margin: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar {
  background: @line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QSplitter::handle { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid @line; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
  background: transparent; color: @muted; padding: 8px! 10px!; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @plain; border-bottom: 2px solid @accent; font-weight: bold; }
QTabBar::tab:hover { color: @plain; }
QTabBar::tab:focus { color: @accent; }
QGroupBox { border: none; margin-top: 24px!; font-weight: bold; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QDialog { background: @window; }

#rail { background: @rail; border-right: 1px solid @line; }
#rail QToolButton { text-align: left; padding: 0 10px!; min-height: 34px!; border-radius: 4px; color: @plain; }
#rail QToolButton { icon-size: 20px!; }
#rail QToolButton:checked { background: @selected; font-weight: bold; }
#top { background: @window; border-bottom: 1px solid @line; }
#top QLabel#institution { font-weight: bold; }
#bottom { background: @window; border-top: 1px solid @line; }
#bottom QLabel { color: @muted; }
QPushButton#search { background: @base; color: @muted; text-align: left; padding: 0 10px!; }
QPushButton#search:focus { padding: 0 9px!; }
QPushButton#sync_pill { border-radius: 14px!; padding: 0 14px!; min-height: 28px!; }
QFrame#notice { background: @base; border: 1px solid @line; border-left: 4px solid @note; border-radius: 2px; }
QFrame#notice[tone="error"] { border-left-color: @error; }
QFrame#notice[tone="warning"] { border-left-color: @warning; }
QFrame#notice[tone="done"] { border-left-color: @done; }
QFrame#panel { background: @base; border: none; border-left: 1px solid @line; }
QFrame#card { background: @base; border: 1px solid @line; border-radius: 6px; }
QFrame#palette { background: @base; border: 1px solid @line; border-radius: 6px; }
QFrame#palette QListView { border: none; }
"""


def sheet(names: Mapping[str, str], px: Callable[[int], int]) -> str:
    """The style sheet with these colours and pictures (``arrow``, ``tick``: files). Raises KeyError for one that is missing."""
    scaled = _LENGTH.sub(lambda found: f"{px(int(found[1]))}px", _SHEET)
    return _COLOUR.sub(lambda found: names[found[1]], scaled)
