"""How long things take, by POST /moto-api/mends/timing, in seconds; how many there may be, by POST
/moto-api/mends/quotas; what the account is like, by POST /moto-api/mends/account; and where
functions are invoked, by POST /moto-api/mends/functions.
"""

import json
import os
from collections.abc import Callable
from typing import Any

from moto.moto_api._internal import urls
from moto.moto_api._internal.models import MotoAPIBackend

TIMES: dict[str, float] = {"snapshotSeconds": 2.0, "drainingSeconds": 5.0}

# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
QUOTAS: dict[str, float] = {
    "securityGroups": 2500,
    "rulesPerSecurityGroup": 60,
    "rulesPerNetworkAcl": 20,
}

# 1: the account has so many resources that EC2 wants its lists in pages.
ACCOUNT: dict[str, float] = {"manyResources": 0}

_seconds = dict(TIMES)
_quotas = dict(QUOTAS)
_account = dict(ACCOUNT)


def seconds(name: str) -> float:
    """The time set under this name."""
    return _seconds[name]


def quota(name: str) -> int:
    """The largest number allowed of what has this name."""
    return int(_quotas[name])


def account(name: str) -> bool:
    """Whether the account is so."""
    return bool(_account[name])


def _setting(current: dict[str, float]) -> Callable[..., tuple[int, Any, str]]:
    def change(request: Any, _full_url: str, _headers: Any) -> tuple[int, Any, str]:
        wanted = json.loads(request.get_data(as_text=True) or "{}")
        unknown = sorted(set(wanted) - set(current))
        if unknown:
            return 400, {}, json.dumps({"unknown": unknown})
        current.update({name: float(value) for name, value in wanted.items()})
        return 200, {}, json.dumps(current)

    return change


def _invoke_functions(request: Any, _full_url: str, _headers: Any) -> tuple[int, Any, str]:
    """Step Functions and EventBridge invoke functions at this port of the loopback from now on."""
    # moto reads the variable for each call (moto.settings.moto_server_port).
    os.environ["MOTO_PORT"] = str(int(json.loads(request.get_data(as_text=True))["port"]))
    return 200, {}, "{}"


def apply() -> None:
    urls.url_paths["{0}/moto-api/mends/functions"] = _invoke_functions
    urls.url_paths["{0}/moto-api/mends/timing"] = _setting(_seconds)
    urls.url_paths["{0}/moto-api/mends/quotas"] = _setting(_quotas)
    urls.url_paths["{0}/moto-api/mends/account"] = _setting(_account)

    reset = MotoAPIBackend.reset

    def reset_with_settings(self: MotoAPIBackend) -> None:
        _seconds.update(TIMES)
        _quotas.update(QUOTAS)
        _account.update(ACCOUNT)
        reset(self)

    MotoAPIBackend.reset = reset_with_settings
