"""EC2 dry runs: they change nothing, whatever the operation."""

import inspect
from collections.abc import Callable
from typing import Any

from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response


def _checking_first(method: Callable[[EC2Response], Any]) -> Callable[[EC2Response], Any]:
    def checked(self: EC2Response) -> Any:
        self.error_on_dryrun()
        return method(self)

    return checked


def apply() -> None:
    # moto carries out a dry run of about every third operation. The operations mended elsewhere
    # look at it themselves, after their checks.
    for operation in get_service_model("ec2").operation_names:
        name = camelcase_to_underscores(operation)
        method = getattr(EC2Response, name, None)
        if (
            method is not None
            and method.__module__.startswith("moto.")
            and "error_on_dryrun" not in inspect.getsource(method)
        ):
            setattr(EC2Response, name, _checking_first(method))
