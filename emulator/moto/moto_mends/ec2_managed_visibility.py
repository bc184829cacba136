"""EC2 hides what AWS services manage, where the account says so; moto has no such setting.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedResourceVisibility.html
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

VISIBILITIES = ("hidden", "visible")


def _visibility(backend: EC2Backend) -> str:
    return str(getattr(backend, "managed_resource_visibility", "visible"))


def _is_managed(resource: Any) -> bool:
    return bool((getattr(resource, "operator", None) or {}).get("Managed"))


def _hides(response: EC2Response) -> bool:
    included = str(response._get_param("IncludeManagedResources")).lower() == "true"
    return _visibility(response.ec2_backend) == "hidden" and not included


def _mend_settings() -> None:
    def answer(self: EC2Response) -> ActionResult:
        return ActionResult({"Visibility": {"DefaultVisibility": _visibility(self.ec2_backend)}})

    def modify(self: EC2Response) -> ActionResult:
        wanted = self._get_param("DefaultVisibility")
        if wanted not in VISIBILITIES:
            raise EC2ClientError(
                "InvalidParameterValue", f"Value ({wanted}) for DefaultVisibility is invalid."
            )
        self.error_on_dryrun()
        self.ec2_backend.managed_resource_visibility = wanted
        return answer(self)

    EC2Response.get_managed_resource_visibility = answer
    EC2Response.modify_managed_resource_visibility = modify


def _mend_lists() -> None:
    def hiding(
        describe: Callable[[EC2Response], ActionResult], hide: Callable[[Any], None]
    ) -> Callable[[EC2Response], ActionResult]:
        def describe_visible(self: EC2Response) -> ActionResult:
            answer = describe(self)
            if _hides(self):
                hide(answer.result)
            return answer

        return describe_visible

    def hide_instances(result: Any) -> None:
        for reservation in result["Reservations"]:
            reservation.instances = [each for each in reservation.instances if not _is_managed(each)]
        result["Reservations"] = [each for each in result["Reservations"] if each.instances]

    def hide_interfaces(result: Any) -> None:
        key = "NetworkInterfaces"
        result[key] = [each for each in result[key] if not _is_managed(each)]

    for name, hide in (
        ("describe_instances", hide_instances),
        ("describe_network_interfaces", hide_interfaces),
    ):
        setattr(EC2Response, name, hiding(getattr(EC2Response, name), hide))


def apply() -> None:
    _mend_settings()
    _mend_lists()
