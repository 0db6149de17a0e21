"""Collects what is found while the rows of a table are read: by row and column, and once for what a whole column earns."""

from __future__ import annotations

from desktop.formats.table import Table
from desktop.ledger.finding import Cell, Finding, Severity


class Teller:
    """Collects the findings of the row being read."""

    __slots__ = ("_headers", "_sheet", "_tallies", "findings", "left_out", "rejected", "row")

    def __init__(self, table: Table) -> None:
        self._sheet = table.sheet
        self._headers = {column.field.name: column.header for column in table.columns}
        self._headers |= {field.name: field.header for field in table.missing}
        self.row = 0
        self.findings: list[Finding] = []
        self.rejected = False
        self.left_out: list[str] = []
        self._tallies: dict[tuple[str, str], tuple[list[int], dict[str, object]]] = {}

    def start(self, row: int) -> None:
        """Begin a row."""
        self.row = row
        self.rejected = False
        if self.findings:
            self.findings = []
        if self.left_out:
            self.left_out = []

    def header(self, name: str) -> str:
        """What the column of a field is called."""
        return self._headers.get(name, name)

    def refused(self, *names: str) -> bool:
        """Whether this row is rejected for one of these fields."""
        headers = {self.header(name) for name in names}
        return self.rejected and any(f.severity == "error" and f.cell and f.cell.column in headers for f in self.findings)

    def tell(self, name: str, code: str, severity: Severity = "error", /, **params: object) -> None:
        """A finding on a field of this row; an error rejects the row."""
        place = Cell(self._sheet, self.row, self._headers.get(name, name))
        self.findings.append(Finding(code, severity, tuple((k, str(v)) for k, v in params.items()), place))
        self.rejected = self.rejected or severity == "error"

    def taken(self) -> tuple[str, ...]:
        """This row is accepted: the fields whose cells could not be read and that it goes without, told once a column for the file."""
        for name in self.left_out:
            self.tally(name, "import.left_out", column=self.header(name))
        return tuple(self.left_out)

    def tally(self, name: str, code: str, /, **params: object) -> None:
        """A remark that a whole column may earn: told once for the file, with its first row and how many there are."""
        counted, _ = self._tallies.setdefault((name, code), ([self.row, 0], params))
        counted[1] += 1

    def tallied(self) -> list[Finding]:
        """What was tallied, as findings of the file."""
        return [
            Finding(code, "note", (*((k, str(v)) for k, v in params.items()), ("n", str(n))), Cell(self._sheet, row, self.header(name)))
            for (name, code), ((row, n), params) in self._tallies.items()
        ]
