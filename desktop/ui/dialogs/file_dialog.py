"""Choosing a file to read or to write. The folder used last is remembered per purpose."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.ui.preferences import text
from desktop.words import tr

Kinds = Sequence[tuple[str, Sequence[str]]]  # (words, suffixes without dot)


def filters(kinds: Kinds) -> list[str]:
    """Name filters as Qt wants them: ``Excel (*.xlsx *.xls)``."""
    return [f"{words} ({' '.join(f'*.{suffix}' for suffix in suffixes)})" for words, suffixes in kinds]


def _dialog(
    parent: QWidget | None, title: str, kinds: Kinds, preferences: MutableMapping[str, object], purpose: str
) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setNameFilters(filters(kinds))
    # Qt's own dialog (where the desktop has none) is only half translated.
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, tr("位置："))
    dialog.setLabelText(QFileDialog.DialogLabel.FileName, tr("文件名："))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, tr("文件类型："))
    folder = text(preferences, f"folder.{purpose}")
    dialog.setDirectory(folder if folder and Path(folder).is_dir() else str(Path.home()))
    return dialog


def _chosen(preferences: MutableMapping[str, object], purpose: str, then: Callable[[Path], object]) -> Callable[[str], None]:
    def chosen(file: str) -> None:
        path = Path(file)
        preferences[f"folder.{purpose}"] = str(path.parent)
        then(path)

    return chosen


def open_file(
    parent: QWidget | None,
    *,
    title: str,
    kinds: Kinds,
    preferences: MutableMapping[str, object],
    purpose: str,
    then: Callable[[Path], object],
) -> QFileDialog:
    """Choose a file that exists; ``then(path)`` when one was chosen."""
    dialog = _dialog(parent, title, kinds, preferences, purpose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(_chosen(preferences, purpose, then))
    dialog.open()
    return dialog


def save_file(
    parent: QWidget | None,
    *,
    title: str,
    name: str,
    kinds: Kinds,
    preferences: MutableMapping[str, object],
    purpose: str,
    then: Callable[[Path], object],
) -> QFileDialog:
    """Choose where to write; ``name`` is offered. The dialog asks before a file is replaced."""
    dialog = _dialog(parent, title, kinds, preferences, purpose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kinds[0][1][0])
    dialog.selectFile(name)
    dialog.fileSelected.connect(_chosen(preferences, purpose, then))
    dialog.open()
    return dialog
