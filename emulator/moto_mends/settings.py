"""How long things take: settable by POST /moto-api/mends/timing, all in seconds."""

import json
from typing import Any

from moto.moto_api._internal import urls
from moto.moto_api._internal.models import MotoAPIBackend

DEFAULTS: dict[str, float] = {"snapshotSeconds": 2.0, "drainingSeconds": 5.0}

_seconds = dict(DEFAULTS)


def seconds(name: str) -> float:
    """The time set under this name."""
    return _seconds[name]


def _set_timing(request: Any, _full_url: str, _headers: Any) -> tuple[int, Any, str]:
    wanted = json.loads(request.get_data(as_text=True) or "{}")
    unknown = sorted(set(wanted) - set(DEFAULTS))
    if unknown:
        return 400, {}, json.dumps({"unknown": unknown})
    _seconds.update({name: float(value) for name, value in wanted.items()})
    return 200, {}, json.dumps(_seconds)


def apply() -> None:
    urls.url_paths["{0}/moto-api/mends/timing"] = _set_timing

    reset = MotoAPIBackend.reset

    def reset_with_timing(self: MotoAPIBackend) -> None:
        _seconds.update(DEFAULTS)
        reset(self)

    MotoAPIBackend.reset = reset_with_timing
