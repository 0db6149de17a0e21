"""Files of evidence as one archive: each under a name of its own, and a list that says what is of what."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop.formats import write
from desktop.formats.write import OutSheet
from desktop.ledger.problem import Problem, reason_of

LIST = "清单.xlsx"
NOT_HERE = "在另一席位，本机未取回"
# The same files give the same bytes, whenever they are collected.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def archive(
    path: Path, files: Sequence[tuple[str, bool]], sheet: OutSheet, content: Callable[[int], Iterable[bytes]], tick: Callable[[], None]
) -> None:
    """Write the list and every file that is here. ``files``: the name of each in the archive and whether its bytes are here;
    ``content(n)`` gives the bytes of the n-th, ``tick`` is called before each and may raise.

    The archive appears whole or not at all. Raises Problem ``file.cannot_write``.
    """
    part = path.with_name(path.name + ".part")
    if part.exists():  # somebody else's, or left by a crash: it is not ours to clear away
        raise Problem("file.cannot_write", name=part.name, reason=reason_of(FileExistsError()))
    try:
        with zipfile.ZipFile(part, "x", zipfile.ZIP_STORED) as made, TemporaryDirectory(prefix="yixiang-") as folder:
            for n, (name, here) in enumerate(files):
                tick()
                if here:
                    with made.open(zipfile.ZipInfo(name, _MOMENT), "w", force_zip64=True) as stream:
                        for piece in content(n):
                            stream.write(piece)
            listed = Path(folder) / LIST
            write.write(listed, [sheet])
            made.writestr(zipfile.ZipInfo(LIST, _MOMENT), listed.read_bytes())
        part.replace(path)
    except OSError as error:
        raise Problem("file.cannot_write", name=path.name, reason=reason_of(error)) from error
    finally:
        part.unlink(missing_ok=True)
