"""EC2 security groups: the texts that they may carry, and how many there may be of them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
"""

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, RulesPerSecurityGroupLimitExceededError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from . import settings

CHARACTERS = r"a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*"
TEXT = re.compile(f"[{CHARACTERS}]{{0,255}}")
PORT_PROTOCOLS = {"tcp": "TCP", "6": "TCP", "udp": "UDP", "17": "UDP"}


def _check_text(what: str, text: str | None) -> None:
    if TEXT.fullmatch(text or "") is None:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Invalid {what}. Valid {what}s are strings less than 256 characters from the "
            "following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        )


def _check_ports(wanted: dict[str, Any]) -> None:
    protocol = PORT_PROTOCOLS.get(str(wanted["ip_protocol"]).lower())
    if protocol is None:
        return
    first, last = wanted["from_port"], wanted["to_port"]
    if first is None or last is None:
        raise EC2ClientError(
            "InvalidParameterValue",
            "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
        )
    if not 0 <= int(first) <= int(last) <= 65535:
        raise EC2ClientError("InvalidParameterValue", f"Invalid {protocol} port range")


def check_rule(backend: EC2Backend, wanted: dict[str, Any]) -> None:
    """Raises what AWS answers when such a rule cannot be authorized for any group."""
    _check_ports(wanted)
    prefix_lists = wanted["prefix_list_ids"] or []
    for each in (*wanted["ip_ranges"], *(wanted["source_groups"] or []), *prefix_lists):
        _check_text("rule description", each.get("Description"))
    for each in prefix_lists:
        prefix_list_id = each["PrefixListId"]
        if prefix_list_id not in backend.managed_prefix_lists:
            raise EC2ClientError(
                "InvalidPrefixListID.NotFound",
                f"The prefix list ID '{prefix_list_id}' does not exist",
            )


def _prefix_list_weight(backend: EC2Backend, rule: Any, family: str) -> int:
    # A list of the customer weighs its maximum of entries, the gateway lists of AWS weigh one.
    found = backend.managed_prefix_lists.get(rule.prefix_list_id)
    if found is None or found.address_family not in (None, family):
        return 0
    return int(found.max_entries or 1)


def _weight(backend: EC2Backend, rule: Any, family: str) -> int:
    if rule.prefix_list_id is not None:
        return _prefix_list_weight(backend, rule, family)
    if rule.source_group:
        return 1
    return int((rule.cidr_ipv4 if family == "IPv4" else rule.cidr_ipv6) is not None)


def check_rule_quota(backend: EC2Backend, rules: list[Any]) -> None:
    """Raises what AWS answers when a group has no room for these rules of one direction."""
    for family in ("IPv4", "IPv6"):
        total = sum(_weight(backend, rule, family) for rule in rules)
        if total > settings.quota("rulesPerSecurityGroup"):
            raise RulesPerSecurityGroupLimitExceededError


def _mend_rule_quota() -> None:
    # moto counts the rules of both families together, and no prefix lists; see check_rule_quota.
    EC2Backend._verify_group_will_respect_rule_count_limit = lambda *_, **__: None


def _mend_creation() -> None:
    # moto takes names and descriptions of any length, and any number of groups.
    create = EC2Response.create_security_group

    def create_security_group(self: EC2Response) -> ActionResult:
        name = self._get_param("GroupName")
        _check_text("security group name", name)
        _check_text("security group description", self._get_param("Description"))
        if name.lower().startswith("sg-"):
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ({name}) for parameter GroupName is invalid. "
                "Group names may not be in the format sg-*.",
            )
        present = sum(len(groups) for groups in self.ec2_backend.groups.values())
        if present >= settings.quota("securityGroups"):
            raise EC2ClientError(
                "SecurityGroupLimitExceeded", "The maximum number of security groups is reached."
            )
        return create(self)

    EC2Response.create_security_group = create_security_group


def apply() -> None:
    _mend_rule_quota()
    _mend_creation()
