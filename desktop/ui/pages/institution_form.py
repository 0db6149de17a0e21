"""The form of the institution: name, credit code checked while typing, kind, and division chosen by city and county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop import words
from desktop.actions import institution
from desktop.ledger.finding import Finding
from desktop.ledger.institution import KINDS, Institution
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.fields import TextField
from desktop.ui.forms import Form
from desktop.words import tr

_LENGTH = 18


class InstitutionForm(Form):
    """``facts`` gives name, code, kind and division code as the actions take them."""

    def __init__(self) -> None:
        super().__init__(check=_check)
        self.add("name", tr("单位名称"), TextField(), required=True, hint=tr("与法人证书上的名称一致"))
        self.add("uscc", tr("统一社会信用代码"), TextField(limit=40), required=True, hint=tr("18 位，输入时逐位核对校验码"))
        kinds = [Choice(kind, words.say(f"institution.kinds.{kind}")) for kind in KINDS]
        self.add("kind", tr("单位性质"), SelectField(kinds, optional=True), required=True)
        cities = [Choice(region.code, region.city) for region in institution.cities()]
        self.add("city", tr("所在市"), SelectField(cities, optional=True), required=True)
        self._county = SelectField([], optional=True)
        self.add("county", tr("所在县（市、区）"), self._county, hint=tr("功能区请选它所在的县（市、区）"))
        self.field("city").changed.connect(self._city_changed)
        self.set_draft({})

    def _city_changed(self) -> None:
        city = self.field("city").value()
        found = institution.counties(str(city)) if city else ()
        self._county.set_choices([Choice(region.code, region.county) for region in found])

    def show_institution(self, known: Institution) -> None:
        """Show what the ledger holds."""
        city = f"{known.region[:4]}00"
        self.set_draft({"name": known.name, "uscc": known.uscc, "kind": known.kind, "city": city})
        self._city_changed()
        self.set_draft({**self.draft(), "county": known.region if known.region != city else None})

    def facts(self) -> dict[str, str]:
        """The draft as keywords of the actions: name, code, kind, region."""
        draft = self.draft()
        region = draft["county"] or draft["city"] or ""
        return {
            "name": str(draft["name"] or ""),
            "code": str(draft["uscc"] or ""),
            "kind": str(draft["kind"] or ""),
            "region": str(region),
        }


def _check(draft: Mapping[str, object]) -> Sequence[Finding]:
    typed = str(draft.get("uscc") or "")
    # While the code is still being typed, its length is no fault yet; a character that cannot stand in one is.
    faults = institution.code_faults(typed) if typed else ()
    told = [each for each in faults if each.code != "uscc.length" or len("".join(typed.split())) >= _LENGTH]
    return [Finding(each.code, each.severity, each.params, field="uscc") for each in told]
