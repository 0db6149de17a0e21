"""What waits to be sent, in a few words: to the network, to the institution's hub, or to both, each with its own state."""

from __future__ import annotations

from desktop import words
from desktop.ui.texts import Tone
from desktop.words import tr

REMOTES = ("network", "hub")


def in_short(network: int | None, hub: int | None) -> tuple[str, Tone]:
    """One line for both; how many rows wait for each, None: not enrolled with it."""
    if network is None and hub is None:
        return tr("未入网络"), "muted"
    if hub is None:
        return _state(network or 0), "note" if network else "done"
    if network is None:
        return tr("机构中心：{state}", state=_state(hub)), "note" if hub else "done"
    if not network and not hub:
        return _state(0), "done"
    return tr("待上报：省网 {n}，机构中心 {m}", n=f"{network:,}", m=f"{hub:,}"), "note"


def each(network: int | None, hub: int | None) -> list[tuple[str, str, Tone]]:
    """Remote, its state and tone, for both."""
    told: list[tuple[str, str, Tone]] = []
    for remote, n in zip(REMOTES, (network, hub), strict=True):
        tone: Tone = "muted" if not n else "note"
        told.append((remote, tr("没有登记") if n is None else _state(n), tone))
    return told


def named(remote: str) -> str:
    """A remote as the beginning of a line."""
    said = words.say(f"sync.remote.{remote}")
    return said[:1].upper() + said[1:]


def _state(n: int) -> str:
    return tr("{n} 项待上报", n=f"{n:,}") if n else tr("已全部上报")
