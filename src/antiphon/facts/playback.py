"""Facts of playback."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from antiphon.kit.facts import Fact

__all__ = ["PlayCounted"]


class PlayCounted(Fact, frozen=True, kw_only=True):
    """Somebody heard enough of a track; `subject` is the track. A play in a private session names nobody."""

    name: ClassVar[str] = "playback.play_counted"
    session_id: UUID
    user_id: UUID | None
    started_at: datetime
