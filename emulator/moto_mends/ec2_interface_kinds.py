"""EC2 network interfaces of other kinds than the ordinary one.

CreateNetworkInterface makes ``efa``, ``efa-only``, ``trunk`` and ``branch``. What services of AWS
make, no call does: a description ``requester-managed <kind>`` stands for it here. A tag
``emulator:secondary-interface`` on an instance, its value an id, stands for an interface of an RDMA
network.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response

from .ec2_interfaces import REQUESTER_MANAGED

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html
CREATABLE = ("branch", "efa", "efa-only", "trunk")
SECONDARY_TAG = "emulator:secondary-interface"


def _mend_creation() -> None:
    # moto makes all interfaces of one kind.
    create = EC2Response.create_network_interface
    create_in_backend = EC2Backend.create_network_interface

    def create_network_interface(self: EC2Response) -> ActionResult:
        kind = self._get_param("InterfaceType")
        if kind is not None and kind not in CREATABLE:
            raise EC2ClientError(
                "InvalidParameterValue", f"Value ({kind}) for parameter interfaceType is invalid."
            )
        answer = create(self)
        if kind is not None:
            answer.result["NetworkInterface"].interface_type = kind
        return answer

    def create_of_service(self: EC2Backend, *args: Any, **kwargs: Any) -> NetworkInterface:
        eni = create_in_backend(self, *args, **kwargs)
        kind = eni.description.removeprefix(REQUESTER_MANAGED).strip()
        if eni.requester_managed and kind:
            eni.interface_type = kind
        return eni

    EC2Response.create_network_interface = create_network_interface
    EC2Backend.create_network_interface = create_of_service


def _mend_secondary_interfaces() -> None:
    # moto knows no secondary interfaces.
    def secondary_interfaces(self: Instance) -> list[dict[str, Any]]:
        interface_id = self.ec2_backend.tags.get(self.id, {}).get(SECONDARY_TAG)
        if interface_id is None:
            return []
        return [
            {"SecondaryInterfaceId": interface_id, "InterfaceType": "secondary", "Status": "in-use"}
        ]

    Instance.secondary_interfaces = property(secondary_interfaces)


def apply() -> None:
    _mend_creation()
    _mend_secondary_interfaces()
