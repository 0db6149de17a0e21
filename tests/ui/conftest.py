"""The window's tests draw offscreen, dressed in the light look, with work done at once unless a test wants the real lanes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.jobs import Jobs, Lanes
from tests.ui import demo


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    """Only when another test left other clothes: dressing takes a while."""
    if theme.is_dark() or theme.px(100) != 100 or not qapp.styleSheet():
        theme.use(qapp, "light", 100)


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    return demo.desk()


@pytest.fixture
def lanes(qapp: QApplication) -> Iterator[Jobs]:
    jobs = Jobs(Lanes())
    yield jobs
    jobs.close()
