"""All endpoints together: whoever imports this has every one of them in the registry."""

from antiphon.entry.subsonic import endpoints_browsing, endpoints_lists, endpoints_system
from antiphon.entry.subsonic.registry import ENDPOINTS

__all__ = ["ENDPOINTS", "MODULES"]

MODULES = (endpoints_browsing, endpoints_lists, endpoints_system)
