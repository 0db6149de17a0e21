"""What is stated of sets for the universities' sharing system, as rows."""

from __future__ import annotations

from desktop.ledger.cers import CersSet
from desktop.store import schema_cers
from desktop.store.rows import Codec

CERS_SETS = Codec(CersSet, schema_cers.cers_set)
