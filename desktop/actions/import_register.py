"""What the imports of registers (instruments, customers, technicians) share: facts stored by their kind, drafts judged again after."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from desktop.actions import judging
from desktop.actions.import_weighing import Options, Weighed
from desktop.formats.reading import Sheet
from desktop.store.database import Operation
from desktop.store.rows import Codec


class Unasked:
    """An import that needs to know nothing besides its file."""

    def options(self, sheet: Sheet[Any], options: Options) -> Options:
        """The options as they came."""
        return options


class Register(Unasked, ABC):
    """New facts are inserted; known ones are corrected in the columns the file has. ``facts`` is how they are stored."""

    facts: Codec[Any]

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        """Store what was weighed and judge the drafts it concerns."""
        self.facts.insert(operation.connection, weighed.new)
        self.facts.update(operation.connection, weighed.changed)
        judging.recheck(operation, self.concerned(operation, weighed))

    @abstractmethod
    def concerned(self, operation: Operation, weighed: Weighed) -> Sequence[str]:
        """Link what was waiting for these facts; the keys of the drafts that are judged differently now."""
