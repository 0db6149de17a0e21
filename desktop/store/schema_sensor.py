"""Sensors on sets, the power bands of a set, and the sessions sensors saw. Sessions are local: the province has its own, and gives them back by ``pull``."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index

from desktop.ledger.sensor import BANDS
from desktop.store.columns import key, maybe, maybe_integer, refers, table, text

sensor_binding = table(
    "sensor_binding",
    key(),
    refers("instrument_id", "instrument"),
    text("sensor", "network", default=None),
    text("from_on", "network", default=None),
    maybe("until_on", "network"),
    text("source", "institution"),
    CheckConstraint("sensor <> ''", name="sensor"),
    CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
)
Index("ix_sensor_binding_instrument", sensor_binding.c.instrument_id)
Index("ix_sensor_binding_sensor", sensor_binding.c.sensor)

power_band = table(
    "power_band",
    key(reach="institution"),
    refers("instrument_id", "instrument", "institution"),
    text("from_on", "institution", default=None),
    text("off_watts", "institution", default=None),
    text("working_watts", "institution", default=None),
)
Index("ix_power_band_instrument", power_band.c.instrument_id, power_band.c.from_on, unique=True)

sensor_session = table(
    "sensor_session",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    text("sensor", default=None),
    text("started_at", default=None),
    text("ended_at", default=None),
    text("band", default=None),
    maybe_integer("n_watt_hours"),
    text("source"),
    CheckConstraint(f"band IN ({', '.join(repr(band) for band in BANDS)})", name="band"),
    CheckConstraint("ended_at > started_at", name="span"),
    CheckConstraint("n_watt_hours IS NULL OR n_watt_hours >= 0", name="energy"),
)
Index("ix_sensor_session_sensor", sensor_session.c.sensor, sensor_session.c.started_at, unique=True)
Index("ix_sensor_session_instrument", sensor_session.c.instrument_id, sensor_session.c.started_at)
