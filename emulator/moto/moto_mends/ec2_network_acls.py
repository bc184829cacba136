"""EC2 network ACLs: the entries that they have by themselves, and what AWS refuses to add.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
"""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidNetworkAclIdError,
    NetworkAclEntryAlreadyExistsError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAcl, NetworkAclEntry
from moto.ec2.responses import EC2Response

from . import settings
from .ec2_cidr_blocks import canonical

LAST_RULE_NUMBER = 32766
DENY_ALL_IPV4 = 32767
DENY_ALL_IPV6 = 32768
ALLOW_ALL_IPV4 = 100
ALLOW_ALL_IPV6 = 101
PROTOCOLS_WITH_PORTS = ("6", "17")


def _add_own_entry(acl: NetworkAcl, number: int, egress: bool) -> None:
    ipv6 = number in (DENY_ALL_IPV6, ALLOW_ALL_IPV6)
    acl.ec2_backend.create_network_acl_entry(
        network_acl_id=acl.id,
        rule_number=number,
        protocol="-1",
        rule_action="allow" if number in (ALLOW_ALL_IPV4, ALLOW_ALL_IPV6) else "deny",
        egress=egress,
        cidr_block=None if ipv6 else "0.0.0.0/0",
        icmp_code=None,
        icmp_type=None,
        port_range_from=None,
        port_range_to=None,
        ipv6_cidr_block="::/0" if ipv6 else None,
    )


def _numbers(acl: NetworkAcl, egress: bool) -> set[int]:
    return {entry.rule_number for entry in acl.entries if entry.egress == egress}


def _add_ipv6_entries(acl: NetworkAcl) -> None:
    # AWS allows all IPv6 traffic only where the ACL is as the VPC came with it.
    untouched = {ALLOW_ALL_IPV4, DENY_ALL_IPV4}
    for egress in (True, False):
        numbers = _numbers(acl, egress)
        if acl.default and numbers == untouched:
            _add_own_entry(acl, ALLOW_ALL_IPV6, egress)
        if DENY_ALL_IPV6 not in numbers:
            _add_own_entry(acl, DENY_ALL_IPV6, egress)


def _mend_own_entries() -> None:
    # moto gives an ACL that is made by a call no entries, and no ACL any for IPv6.
    create = EC2Backend.create_network_acl
    associate = EC2Backend.associate_vpc_cidr_block

    def create_with_entries(
        self: EC2Backend, vpc_id: str, tags: Any = None, default: bool = False
    ) -> NetworkAcl:
        acl = create(self, vpc_id, tags, default)
        if not default:
            for egress in (True, False):
                _add_own_entry(acl, DENY_ALL_IPV4, egress)
        if self.vpcs[vpc_id].get_cidr_block_association_set(ipv6=True):
            _add_ipv6_entries(acl)
        return acl

    def associate_with_entries(
        self: EC2Backend, vpc_id: str, cidr_block: str, amazon_provided_ipv6_cidr_block: bool
    ) -> Any:
        association = associate(self, vpc_id, cidr_block, amazon_provided_ipv6_cidr_block)
        if amazon_provided_ipv6_cidr_block:
            for acl in self.network_acls.values():
                if acl.vpc_id == vpc_id:
                    _add_ipv6_entries(acl)
        return association

    EC2Backend.create_network_acl = create_with_entries
    EC2Backend.associate_vpc_cidr_block = associate_with_entries


def _rule_number(response: EC2Response) -> int:
    number = int(response._get_param("RuleNumber"))
    if not 1 <= number <= LAST_RULE_NUMBER:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Value ({number}) for parameter ruleNumber is invalid. "
            f"It must be between 1 and {LAST_RULE_NUMBER}.",
        )
    return number


def _find(acl: NetworkAcl, number: int, egress: bool) -> NetworkAclEntry:
    for entry in acl.entries:
        if entry.rule_number == number and entry.egress == egress:
            return entry
    direction = "egress" if egress else "ingress"
    raise EC2ClientError(
        "InvalidNetworkAclEntry.NotFound",
        f"The {direction} entry with rule number {number} does not exist in {acl.id}.",
    )


def _wanted_entry(response: EC2Response) -> dict[str, Any]:
    """The entry that a call describes, or the error that AWS answers when it cannot be."""
    ipv4, ipv6 = response._get_param("CidrBlock"), response._get_param("Ipv6CidrBlock")
    if ipv4 and ipv6:
        raise EC2ClientError(
            "InvalidParameterCombination", "Only one of cidrBlock and ipv6CidrBlock can be given."
        )
    if not ipv4 and not ipv6:
        raise EC2ClientError(
            "MissingParameter", "The request must contain the parameter cidrBlock or ipv6CidrBlock"
        )
    protocol = str(response._get_param("Protocol"))
    first, last = response._get_param("PortRange.From"), response._get_param("PortRange.To")
    if protocol in PROTOCOLS_WITH_PORTS and (first is None or last is None):
        raise EC2ClientError("MissingParameter", "The request must contain the parameter portRange")
    return {
        "rule_number": _rule_number(response),
        "protocol": protocol,
        "rule_action": response._get_param("RuleAction"),
        "egress": bool(response._get_param("Egress")),
        "cidr_block": canonical(ipv4) if ipv4 else None,
        "ipv6_cidr_block": canonical(ipv6) if ipv6 else None,
        "icmp_code": response._get_param("Icmp.Code"),
        "icmp_type": response._get_param("Icmp.Type"),
        "port_range_from": first,
        "port_range_to": last,
    }


def _check_quota(acl: NetworkAcl, wanted: dict[str, Any]) -> None:
    # The quota is per direction and family, and the entry that denies all counts.
    is_ipv6 = wanted["ipv6_cidr_block"] is not None
    alike = [
        entry
        for entry in acl.entries
        if entry.egress == wanted["egress"] and (entry.ipv6_cidr_block is not None) == is_ipv6
    ]
    if len(alike) >= settings.quota("rulesPerNetworkAcl"):
        raise EC2ClientError(
            "NetworkAclEntryLimitExceeded",
            "The maximum number of rules per network ACL has been reached.",
        )


def _mend_entries() -> None:
    # moto takes every rule number and any number of entries, keeps a CIDR block as it is given, and
    # fails when there is no entry to delete.
    def create_network_acl_entry(self: EC2Response) -> ActionResult:
        acl = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId"))
        wanted = _wanted_entry(self)
        if wanted["rule_number"] in _numbers(acl, wanted["egress"]):
            raise NetworkAclEntryAlreadyExistsError(wanted["rule_number"])
        _check_quota(acl, wanted)
        self.error_on_dryrun()
        self.ec2_backend.create_network_acl_entry(network_acl_id=acl.id, **wanted)
        return EmptyResult()

    def replace_network_acl_entry(self: EC2Response) -> ActionResult:
        acl = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId"))
        wanted = _wanted_entry(self)
        present = _find(acl, wanted["rule_number"], wanted["egress"])
        self.error_on_dryrun()
        acl.network_acl_entries.remove(present)
        self.ec2_backend.create_network_acl_entry(network_acl_id=acl.id, **wanted)
        return EmptyResult()

    def delete_network_acl_entry(self: EC2Response) -> ActionResult:
        acl = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId"))
        entry = _find(acl, _rule_number(self), bool(self._get_param("Egress")))
        self.error_on_dryrun()
        acl.network_acl_entries.remove(entry)
        return EmptyResult()

    EC2Response.create_network_acl_entry = create_network_acl_entry
    EC2Response.replace_network_acl_entry = replace_network_acl_entry
    EC2Response.delete_network_acl_entry = delete_network_acl_entry


def _mend_filters() -> None:
    # moto does not know these filters.
    get_filter_value = NetworkAcl.get_filter_value

    def with_more(self: NetworkAcl, filter_name: str, method_name: str | None = None) -> Any:
        match filter_name:
            case "network-acl-id":
                return self.id
            case "entry.ipv6-cidr":
                return [entry.ipv6_cidr_block for entry in self.entries if entry.ipv6_cidr_block]
        return get_filter_value(self, filter_name, method_name)

    NetworkAcl.get_filter_value = with_more


def _mend_unknown_ids() -> None:
    # moto calls an unknown network ACL a route table.
    describe = EC2Backend.describe_network_acls

    def describe_known(
        self: EC2Backend, network_acl_ids: list[str] | None = None, filters: Any = None
    ) -> list[NetworkAcl]:
        for acl_id in network_acl_ids or []:
            if acl_id not in self.network_acls:
                raise InvalidNetworkAclIdError(acl_id)
        return describe(self, network_acl_ids, filters)

    EC2Backend.describe_network_acls = describe_known


def apply() -> None:
    _mend_own_entries()
    _mend_entries()
    _mend_filters()
    _mend_unknown_ids()
