"""Which posting of a record counts as its own, for queries that join the two. Light: the first list on screen needs it."""

from __future__ import annotations

# A record that two seats posted has two: the one that gave way is reversed, and the other came after it. The sign keeps the
# database from going through every original by the index of ``reverses``.
LAST_POSTED = "{0}.rowid = (SELECT max(l.rowid) FROM posting l WHERE l.record_id = {0}.record_id AND +l.reverses IS NULL)"
