"""EC2 network interfaces of other kinds than the ordinary one.

CreateNetworkInterface makes ``efa``, ``efa-only``, ``trunk`` and ``branch``. What services of AWS
make, no call does: a description ``requester-managed <kind>`` stands for it here. A tag
``emulator:secondary-interface`` on an instance, its value an id, stands for an interface of an RDMA
network.
"""

from typing import Any
from uuid import uuid4

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


def _associations(response: EC2Response) -> list[dict[str, Any]]:
    return response.ec2_backend.__dict__.setdefault("trunk_associations", [])


def _mend_trunks() -> None:
    # moto knows no trunks. A branch has groups of its own, and is attached to no instance.
    def associate(self: EC2Response) -> ActionResult:
        branch = self.ec2_backend.get_network_interface(self._get_param("BranchInterfaceId"))
        trunk = self.ec2_backend.get_network_interface(self._get_param("TrunkInterfaceId"))
        if (branch.interface_type, trunk.interface_type) != ("branch", "trunk"):
            raise EC2ClientError(
                "InvalidParameterValue", "A branch interface can be associated with a trunk only."
            )
        self.error_on_dryrun()
        association = {
            "AssociationId": f"trunk-assoc-{uuid4().hex[:17]}",
            "BranchInterfaceId": branch.id,
            "TrunkInterfaceId": trunk.id,
            "InterfaceProtocol": "VLAN",
            "VlanId": self._get_param("VlanId"),
        }
        _associations(self).append(association)
        return ActionResult({"InterfaceAssociation": association})

    def describe(self: EC2Response) -> ActionResult:
        self.error_on_dryrun()
        return ActionResult({"InterfaceAssociations": _associations(self)})

    EC2Response.associate_trunk_interface = associate
    EC2Response.describe_trunk_interface_associations = describe


def apply() -> None:
    _mend_trunks()
    _mend_creation()
    _mend_secondary_interfaces()
