"""EC2 network interfaces: their own groups, and what AWS refuses to set on them."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response

from .ec2_addresses import set_public_assignment
from .ec2_errors import groups_for

# An interface whose description begins so is one that a service of AWS made and manages: there is
# no call by which a test could otherwise make one.
REQUESTER_MANAGED = "requester-managed"

# Idle timeouts in seconds: least, most.
TIMEOUT_RANGES = {
    "TcpEstablishedTimeout": (60, 432_000),
    "UdpStreamTimeout": (60, 180),
    "UdpTimeout": (30, 60),
}


def _mend_groups() -> None:
    # moto shows an interface's groups united with those of the launch; AWS its own. An instance's
    # groups are those of its primary interface.
    NetworkInterface.group_set = property(lambda self: self._group_set)

    def groups_of_primary(self: Instance) -> Any:
        primary = getattr(self, "nics", {}).get(0)
        return self._launch_groups if primary is None else primary._group_set

    def set_launch_groups(self: Instance, groups: Any) -> None:
        self._launch_groups = groups

    Instance.security_groups = property(groups_of_primary, set_launch_groups)


def _mend_creation() -> None:
    # moto makes up a group for an id that it does not know, and takes groups of other VPCs.
    create = EC2Backend.create_network_interface

    def create_checked(
        self: EC2Backend, subnet: Any, *args: Any, group_ids: Any = None, **kwargs: Any
    ) -> NetworkInterface:
        # (private_ip_address, private_ip_addresses, group_ids, …) when called by position.
        if group_ids is None and len(args) > 2:
            args, group_ids = (*args[:2], *args[3:]), args[2]
            names = ("description", "tags", "delete_on_termination")
            kwargs.update(zip(names, args[2:], strict=False))
            args = args[:2]
        found = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
        groups_for(self, list(dict.fromkeys(group_ids or [])), found.vpc_id)
        unique = list(dict.fromkeys(group_ids or []))
        eni = create(self, subnet, *args, group_ids=unique, **kwargs)
        eni.requester_managed = eni.description.startswith(REQUESTER_MANAGED)
        return eni

    EC2Backend.create_network_interface = create_checked


def _timeouts(wanted: dict[str, Any]) -> dict[str, int]:
    timeouts = {name: int(wanted[name]) for name in TIMEOUT_RANGES if wanted.get(name) is not None}
    for name, value in timeouts.items():
        least, most = TIMEOUT_RANGES[name]
        if not least <= value <= most:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ({value}) for parameter {name} is invalid. Valid range: {least}-{most}.",
            )
    return timeouts


def _mend_modification() -> None:
    # moto takes unknown and foreign groups, several attributes in one call or none,
    # requester-managed interfaces, checks nothing in a dry run, and ignores the idle timeouts and
    # the assignment of a public address.
    def modify_network_interface_attribute(self: EC2Response) -> ActionResult:
        eni = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
        wanted = {
            "groupSet": self._get_param("Groups"),
            "sourceDestCheck": self._get_param("SourceDestCheck.Value"),
            "description": self._get_param("Description.Value"),
            "attachment": self._get_param("Attachment.DeleteOnTermination"),
            "connectionTracking": self._get_param("ConnectionTrackingSpecification"),
            "associatePublicIpAddress": self._get_param("AssociatePublicIpAddress"),
            "enaSrdSpecification": self._get_param("EnaSrdSpecification"),
            "enablePrimaryIpv6": self._get_param("EnablePrimaryIpv6"),
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        if len(given) != 1:
            raise EC2ClientError(
                "InvalidParameterCombination",
                f"Fields for multiple attribute types specified: {', '.join(given)}"
                if given
                else "No attributes specified.",
            )
        if eni.requester_managed:
            raise EC2ClientError(
                "OperationNotPermitted",
                f"You are not allowed to modify the network interface '{eni.id}'.",
            )
        groups = groups_for(self.ec2_backend, given.get("groupSet") or [], eni.vpc_id)
        timeouts = _timeouts(given.get("connectionTracking") or {})
        self.error_on_dryrun()
        if groups:
            eni._group_set = groups
        if "sourceDestCheck" in given:
            eni.source_dest_check = given["sourceDestCheck"]
        if "description" in given:
            eni.description = given["description"]
        if "attachment" in given:
            eni.delete_on_termination = given["attachment"]
        if "associatePublicIpAddress" in given:
            set_public_assignment(eni, given["associatePublicIpAddress"])
        if timeouts:
            eni.connection_tracking_configuration = {
                **(getattr(eni, "connection_tracking_configuration", None) or {}),
                **timeouts,
            }
        return EmptyResult()

    EC2Response.modify_network_interface_attribute = modify_network_interface_attribute


def _mend_filters() -> None:
    # moto does not know these filters, or looks at the primary address only.
    get_filter_value = NetworkInterface.get_filter_value

    def with_more(self: NetworkInterface, filter_name: str, method_name: str | None = None) -> Any:
        match filter_name:
            case "attachment.status":
                return "attached" if self.attachment_id else None
            case "attachment.device-index":
                return str(self.device_index)
            case "addresses.private-ip-address":
                return [item["PrivateIpAddress"] for item in self.private_ip_addresses]
            case "ipv6-addresses.ipv6-address":
                return list(self.ipv6_addresses)
            case "interface-type":
                return self.interface_type
            case "requester-managed":
                return str(self.requester_managed).lower()
        return get_filter_value(self, filter_name, method_name)

    NetworkInterface.get_filter_value = with_more


def _mend_launch() -> None:
    # moto ignores the IPv6 addresses and secondary addresses of the interfaces in RunInstances,
    # and keeps the interfaces of a terminated instance.
    prepare = Instance.prep_nics

    def prepare_all(self: Instance, nic_spec: list[dict[str, Any]], **kwargs: Any) -> None:
        for spec in nic_spec:
            if "NetworkInterfaceId" not in spec:
                spec.setdefault("DeleteOnTermination", True)
        specs = [dict(spec) for spec in nic_spec]
        prepare(self, nic_spec, **kwargs)
        if not specs:
            self.nics[0].delete_on_termination = True
        for spec in specs:
            eni = self.nics[int(spec["DeviceIndex"])]
            count = int(spec.get("Ipv6AddressCount") or 0)
            addresses = [item["Ipv6Address"] for item in spec.get("Ipv6Addresses") or []]
            if count or addresses:
                self.ec2_backend.assign_ipv6_addresses(eni.id, addresses, count)
            secondary = int(spec.get("SecondaryPrivateIpAddressCount") or 0)
            if secondary:
                self.ec2_backend.assign_private_ip_addresses(eni.id, [], secondary)

    Instance.prep_nics = prepare_all


def apply() -> None:
    _mend_groups()
    _mend_creation()
    _mend_modification()
    _mend_filters()
    _mend_launch()
