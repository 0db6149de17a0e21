"""Set-up: what is pinned is pinned whole, and what the program reads at run time is installed with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.source import ROOT, text, told, tracked

LOCKS = {"requirements/run.txt": ("build",), "requirements/all.txt": ("build", "test")}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[^\]]*\])?==(?P<version>\S+)(?P<rest>.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Name -> version and number of hashes."""
    return {canonicalize_name(m["name"]): (m["version"], m["rest"].count("--hash=sha256:")) for m in PIN.finditer(lock)}


def loose(lock: str) -> list[str]:
    """Lines that reach beyond the pins, and pins without a hash."""
    lines = [line for line in lock.splitlines() if re.match(r"\s*(-i\b|-f\b|-e\b|--(?!hash=)|.*://)", line)]
    return lines + [name for name, (_, n_hashes) in pins(lock).items() if not n_hashes]


def outdated(lock: str, wanted: list[str]) -> list[str]:
    pinned = pins(lock)
    faults = []
    for line in wanted:
        requirement = Requirement(line)
        version, _ = pinned.get(canonicalize_name(requirement.name), ("", 0))
        if not version or not requirement.specifier.contains(Version(version), prereleases=True):
            faults.append(f"{line}: pinned {version or 'nowhere'}")
    return faults


@pytest.mark.parametrize("name", LOCKS)
def test_pins_have_hashes_and_no_address(name: str) -> None:
    faults = loose(text(name))
    assert not faults, told(faults, f"{name} must pin with hashes and name no index: scripts/lock writes it.")


@pytest.mark.parametrize("name", LOCKS)
def test_pins_follow_pyproject(name: str) -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = project["dependencies"] + [line for extra in LOCKS[name] for line in project["optional-dependencies"][extra]]
    faults = outdated(text(name), wanted)
    assert not faults, told(faults, f"{name} is older than pyproject.toml: run scripts/lock.")


def without_extras(lock: str, wanted: Iterable[str]) -> list[str]:
    """Requirements whose extras the pin does not name: older pips then look for the newest release, which has no hash here."""
    named = {canonicalize_name(m["name"]): set((m["extras"] or "[]")[1:-1].split(",")) for m in PIN.finditer(lock)}
    asked = [Requirement(line) for line in wanted]
    return [
        str(one)
        for one in asked
        if one.extras - named.get(canonicalize_name(one.name), set()) and (one.marker is None or one.marker.evaluate({"extra": ""}))
    ]


def test_pins_name_the_extras_that_are_asked_for() -> None:
    asked = [line for found in distributions() for line in found.requires or ()]
    faults = without_extras(text("requirements/all.txt"), asked)
    assert not faults, told(faults, "An old pip does not find these in the pins: scripts/lock writes them with their extras.")


def test_a_pin_without_its_extra_is_seen() -> None:
    assert without_extras("coverage==7.17.3 \\\n    --hash=sha256:00\n", ["coverage[toml]>=7.10"]) == ["coverage[toml]>=7.10"]
    assert not without_extras("coverage[toml]==7.17.3 \\\n    --hash=sha256:00\n", ["coverage[toml]>=7.10"])


def test_both_locks_agree() -> None:
    run, everything = pins(text("requirements/run.txt")), pins(text("requirements/all.txt"))
    faults = [f"{name}: {run[name][0]}" for name in run if everything.get(name, ("", 0))[0] != run[name][0]]
    assert not faults, told(faults, "Tests must run on what is shipped.")


def test_fonts_and_icons_bring_their_licences() -> None:
    for name in ("resources/fonts/OFL.txt", "resources/icons/LICENSE.txt"):
        assert name in tracked(), f"{name} must go with what it licenses"


def test_fonts_hold_the_characters_of_names() -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    for weight in ("Regular", "Bold"):
        face = TTFontFile(str(ROOT / f"resources/fonts/NotoSansSC-{weight}.ttf"))
        missing = [c for c in "垚龘䶮壹贰叁肆伍陆柒捌玖拾佰仟〔〕①￥≥÷→√" if ord(c) not in face.charToGlyph]
        assert not missing, f"{weight} lacks {''.join(missing)}: names and amounts would print as boxes"


def test_scripts_can_be_run() -> None:
    faults = [name for name in tracked() if name.startswith(("scripts/", ".ci/")) and not (ROOT / name).stat().st_mode & 0o100]
    assert not faults, told(faults, "A script without its x bit: chmod +x")


def test_a_loose_lock_is_seen() -> None:
    good = "a==1.0 \\\n    --hash=sha256:00\nb==2.1 ; sys_platform == 'win32' \\\n    --hash=sha256:11\n"
    assert pins(good) == {"a": ("1.0", 1), "b": ("2.1", 1)}
    assert not loose(good)
    assert loose("--index-url https://example.org/x\n" + good)
    assert loose("a==1.0\n")
    assert not outdated(good, ["a>=1", "b<3"])
    assert outdated(good, ["a>=2"])
    assert outdated(good, ["c"])
