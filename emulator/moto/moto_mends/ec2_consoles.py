"""EC2's ways onto an instance past its network: serial console and Instance Connect Endpoints."""

from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from .ec2_errors import groups_for
from .ec2_interfaces import REQUESTER_MANAGED


def _mend_serial_console() -> None:
    # moto has no serial console access; AWS has it off in a new account.
    def status(self: EC2Response) -> ActionResult:
        self.error_on_dryrun()
        enabled = getattr(self.ec2_backend, "serial_console_access", False)
        return ActionResult({"SerialConsoleAccessEnabled": enabled})

    def setting(enabled: bool) -> Any:
        def switch(self: EC2Response) -> ActionResult:
            self.error_on_dryrun()
            self.ec2_backend.serial_console_access = enabled
            return ActionResult({"SerialConsoleAccessEnabled": enabled})

        return switch

    EC2Response.get_serial_console_access_status = status
    EC2Response.enable_serial_console_access = setting(True)
    EC2Response.disable_serial_console_access = setting(False)


def _endpoints(response: EC2Response) -> dict[str, dict[str, Any]]:
    return response.ec2_backend.__dict__.setdefault("instance_connect_endpoints", {})


FILTERS = {
    "instance-connect-endpoint-id": "InstanceConnectEndpointId",
    "state": "State",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
}


def _fits(endpoint: dict[str, Any], filters: dict[str, Any]) -> bool:
    for name, values in filters.items():
        if name not in FILTERS:
            raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid.")
        if endpoint[FILTERS[name]] not in values:
            return False
    return True


def _mend_connect_endpoints() -> None:
    # moto has no Instance Connect Endpoints. Here they are complete at once.
    def create(self: EC2Response) -> ActionResult:
        subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
        group_ids = self._get_param("SecurityGroupIds") or []
        groups_for(self.ec2_backend, group_ids, subnet.vpc_id)
        tags = self._parse_tag_specification().get("instance-connect-endpoint", {})
        self.error_on_dryrun()
        endpoint_id = f"eice-{uuid4().hex[:17]}"
        eni = self.ec2_backend.create_network_interface(
            subnet,
            None,
            group_ids=group_ids,
            description=f"{REQUESTER_MANAGED}: EC2 Instance Connect Endpoint {endpoint_id}",
        )
        endpoint = {
            "OwnerId": self.current_account,
            "InstanceConnectEndpointId": endpoint_id,
            "InstanceConnectEndpointArn": f"arn:aws:ec2:{self.region}:{self.current_account}:"
            f"instance-connect-endpoint/{endpoint_id}",
            "State": "create-complete",
            "NetworkInterfaceIds": [eni.id],
            "VpcId": subnet.vpc_id,
            "AvailabilityZone": subnet.availability_zone,
            "CreatedAt": utcnow(),
            "SubnetId": subnet.id,
            "PreserveClientIp": str(self._get_param("PreserveClientIp")).lower() == "true",
            "SecurityGroupIds": [group.id for group in eni._group_set],
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
        _endpoints(self)[endpoint_id] = endpoint
        return ActionResult({"InstanceConnectEndpoint": endpoint})

    def describe(self: EC2Response) -> ActionResult:
        self.error_on_dryrun()
        endpoints = _endpoints(self)
        wanted = self._get_param("InstanceConnectEndpointIds") or list(endpoints)
        unknown = next((id for id in wanted if id not in endpoints), None)
        if unknown is not None:
            raise EC2ClientError(
                "InvalidInstanceConnectEndpointId.NotFound",
                f"The instance connect endpoint ID '{unknown}' does not exist",
            )
        filters = self._filters_from_querystring()
        found = [endpoints[id] for id in wanted if _fits(endpoints[id], filters)]
        return ActionResult({"InstanceConnectEndpoints": found})

    EC2Response.create_instance_connect_endpoint = create
    EC2Response.describe_instance_connect_endpoints = describe


def apply() -> None:
    _mend_serial_console()
    _mend_connect_endpoints()
