"""EC2 public addresses: those that AWS assigns to an interface, and Elastic IP addresses.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidAssociationIdError,
    ResourceAlreadyAssociatedError,
)
from moto.ec2.models import EC2Backend, elastic_ip_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_eip_association_id, random_public_ip

# Who is said to own a public address that AWS assigned.
AMAZON = "amazon"


def _elastic_of(eni: NetworkInterface, private_address: str | None) -> ElasticAddress | None:
    for address in eni.ec2_backend.addresses:
        if address.eni is eni and address.private_ip_address == private_address:
            return address
    return None


def _association(eni: NetworkInterface, private_address: str | None) -> dict[str, Any]:
    elastic = _elastic_of(eni, private_address)
    is_primary = private_address == eni.private_ip_address
    public = elastic.public_ip if elastic else eni.assigned_public_ip if is_primary else None
    if public is None:
        return {}
    ids = (
        {"AllocationId": elastic.allocation_id, "AssociationId": elastic.association_id}
        if elastic
        else {}
    )
    return {
        **ids,
        "PublicIp": public,
        "PublicDnsName": f"ec2-{public.replace('.', '-')}.compute-1.amazonaws.com",
        "IpOwnerId": eni.owner_id if elastic else AMAZON,
    }


def _shown_private_addresses(eni: NetworkInterface) -> list[dict[str, Any]]:
    shown = []
    for item in eni.private_ip_addresses:
        private_address = item["PrivateIpAddress"]
        association = _association(eni, private_address)
        primary = {"Primary": private_address == eni.private_ip_address}
        shown.append({**item, **primary, **({"Association": association} if association else {})})
    return shown


def _mend_interfaces() -> None:
    # moto knows one public address per interface, gives the account for the owner of those that AWS
    # assigns, forgets an Elastic IP address when the instance stops, and shows the association of a
    # private address in DescribeInstances only.
    def public_ip(self: NetworkInterface) -> str | None:
        elastic = _elastic_of(self, self.private_ip_address)
        return elastic.public_ip if elastic else self.assigned_public_ip

    def assign(self: NetworkInterface, address: str | None) -> None:
        self.assigned_public_ip = address

    NetworkInterface.public_ip = property(public_ip, assign)
    NetworkInterface.association = property(
        lambda self: _association(self, self.private_ip_address)
    )
    shown = property(_shown_private_addresses)
    NetworkInterface.instance_private_ip_address_list = shown
    NetworkInterface.network_interface_private_ip_address_list = shown

    check = NetworkInterface.check_auto_public_ip

    def check_without_elastic(self: NetworkInterface) -> None:
        if _elastic_of(self, self.private_ip_address) is None:
            check(self)

    NetworkInterface.check_auto_public_ip = check_without_elastic


def set_public_assignment(eni: NetworkInterface, wanted: bool) -> None:
    """Gives the interface a public address, or takes it away; an Elastic IP address is neither."""
    # "but will only apply to the primary network interface (eth0)": AWS,
    # docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
    eni.public_ip_auto_assign = wanted
    if not wanted:
        eni.assigned_public_ip = None
    elif eni.instance is not None and eni.device_index == 0 and eni.assigned_public_ip is None:
        eni.check_auto_public_ip()


def _dissociate(address: ElasticAddress) -> None:
    eni, private_address = address.eni, address.private_ip_address
    address.eni = address.associated_with = address.association_id = None
    if eni is None or eni.instance is None or private_address != eni.private_ip_address:
        return
    # AWS assigns a new public address in place of the Elastic one, unless there is a second
    # interface; it takes minutes there.
    if eni.instance.state == "running" and len(eni.instance.nics) == 1:
        eni.check_auto_public_ip()


def _interface_of(instance: Any) -> NetworkInterface:
    if len(instance.nics) > 1:
        raise EC2ClientError(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{instance.id}'. "
            "Please specify an interface ID for the operation instead.",
        )
    return instance.nics[0]


def _mend_elastic_addresses() -> None:
    # moto makes Elastic IP addresses of the loopback, keeps what they are associated with apart
    # from the interface, and does not look at the private address nor at an explicit refusal to
    # reassociate.
    elastic_ip_addresses.random_ip = random_public_ip
    create = ElasticAddress.__init__

    def create_free(self: ElasticAddress, *args: Any, **kwargs: Any) -> None:
        self.associated_with = None
        create(self, *args, **kwargs)

    def instance(self: ElasticAddress) -> Any:
        eni = getattr(self, "eni", None)
        return eni.instance if eni else None

    def private_ip_address(self: ElasticAddress) -> str | None:
        return (self.associated_with or self.eni.private_ip_address) if self.eni else None

    def ignore(_self: ElasticAddress, _value: Any) -> None:
        """The interface decides."""

    ElasticAddress.__init__ = create_free
    ElasticAddress.instance = property(instance, ignore)
    ElasticAddress.private_ip_address = property(private_ip_address)
    ElasticAddress.instance_id = property(lambda self: self.instance.id if self.instance else None)
    ElasticAddress.network_interface_id = property(lambda self: self.eni.id if self.eni else None)

    def associate_address(
        self: EC2Backend,
        instance: Any = None,
        eni: Any = None,
        address: str | None = None,
        allocation_id: str | None = None,
        reassociate: bool = True,
        private_address: str | None = None,
    ) -> ElasticAddress:
        found = (
            self.address_by_ip([address])
            if address
            else self.address_by_allocation([allocation_id or ""])
        )
        elastic = found[0]
        target = eni or _interface_of(instance)
        own = [item["PrivateIpAddress"] for item in target.private_ip_addresses]
        if private_address is not None and private_address not in own:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"The address {private_address} is not assigned to interface {target.id}.",
            )
        wanted = private_address or target.private_ip_address
        present = _elastic_of(target, wanted)
        if present is elastic:
            return elastic
        if not reassociate and (elastic.eni is not None or present is not None):
            raise ResourceAlreadyAssociatedError((elastic if elastic.eni else present).public_ip)
        for other in (elastic, present):
            if other is not None:
                _dissociate(other)
        elastic.eni, elastic.associated_with = target, wanted
        elastic.association_id = random_eip_association_id()
        if wanted == target.private_ip_address:
            target.assigned_public_ip = None
        return elastic

    def disassociate_address(
        self: EC2Backend, address: str | None = None, association_id: str | None = None
    ) -> None:
        if address:
            _dissociate(self.address_by_ip([address])[0])
            return
        found = [each for each in self.addresses if each.association_id == association_id]
        if not found:
            raise InvalidAssociationIdError(association_id)
        _dissociate(found[0])

    EC2Backend.associate_address = associate_address
    EC2Backend.disassociate_address = disassociate_address


def _mend_association() -> None:
    def associate_address(self: EC2Response) -> ActionResult:
        instance_id, eni_id = self._get_param("InstanceId"), self._get_param("NetworkInterfaceId")
        public, allocation_id = self._get_param("PublicIp"), self._get_param("AllocationId")
        if not (instance_id or eni_id) or not (public or allocation_id):
            raise EC2ClientError(
                "MissingParameter", "An address and an instance or interface must be given."
            )
        backend = self.ec2_backend
        instance = None if eni_id else backend.get_instance(instance_id)
        eni = backend.get_network_interface(eni_id) if eni_id else None
        self.error_on_dryrun()
        elastic = backend.associate_address(
            instance=instance,
            eni=eni,
            address=public,
            allocation_id=allocation_id,
            reassociate=self._get_param("AllowReassociation") is not False,
            private_address=self._get_param("PrivateIpAddress"),
        )
        return ActionResult({"AssociationId": elastic.association_id})

    EC2Response.associate_address = associate_address


def _mend_interface_deletion() -> None:
    # moto keeps the association with an interface that is gone.
    delete = EC2Backend.delete_network_interface

    def delete_and_free(self: EC2Backend, eni_id: str) -> None:
        for address in self.addresses:
            if address.eni is not None and address.eni.id == eni_id:
                address.eni = address.associated_with = address.association_id = None
        delete(self, eni_id)

    EC2Backend.delete_network_interface = delete_and_free


def apply() -> None:
    _mend_interfaces()
    _mend_elastic_addresses()
    _mend_association()
    _mend_interface_deletion()
