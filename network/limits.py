"""What one request may bring, as ``capabilities`` tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts and bytes. ``n_bytes`` counts a decoded body; the batch schemas taken are ``schema_min`` to ``schema_max``.

    ``n_requests_per_minute`` bounds each device, or each address without one; 0: no bound. ``n_body_seconds``: within so many
    seconds a body is there or has brought 8 KiB for each of them. ``n_packages``: packages received at once.
    """

    n_changes: int = 500
    n_bytes: int = 1_048_576
    n_page: int = 1000
    schema_min: int = 1
    schema_max: int = 1
    n_blob_bytes: int = 50 * 1_048_576
    n_part_bytes: int = 1_048_576
    n_package_bytes: int = 64 * 1_048_576
    n_requests_per_minute: int = 0
    n_body_seconds: int = 30
    n_packages: int = 8
