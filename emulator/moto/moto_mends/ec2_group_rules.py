"""EC2 security group rules: what makes two of them the same, and their descriptions."""

from collections.abc import Iterator
from typing import Any

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.responses import EC2Response

from .ec2_cidr_blocks import canonical


def _canonical_range(given: dict[str, Any]) -> dict[str, Any]:
    blocks = {name: canonical(given[name]) for name in ("CidrIp", "CidrIpv6") if given.get(name)}
    return {**given, **blocks}


def _mend_cidr_blocks() -> None:
    # moto keeps a CIDR block as it is given; AWS its canonical form, by which it tells duplicates:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
    rules_in = EC2Response._process_rules_from_querystring

    def canonical_rules(self: EC2Response) -> Iterator[dict[str, Any]]:
        for wanted in rules_in(self):
            ranges = [_canonical_range(each) for each in wanted["ip_ranges"]]
            yield {**wanted, "ip_ranges": ranges}

    EC2Response._process_rules_from_querystring = canonical_rules


def _identity(rule: SecurityGroupRule) -> tuple[Any, ...]:
    ports = () if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
    group_id = rule.source_group.get("GroupId")
    return rule.ip_protocol, ports, rule.cidr_ipv4, rule.cidr_ipv6, group_id, rule.prefix_list_id


def _mend_identity() -> None:
    # moto takes rules for different that name a group with another description.
    def same(self: SecurityGroupRule, other: SecurityGroupRule) -> bool:
        return _identity(self) == _identity(other)

    SecurityGroupRule.__eq__ = same


def _mend_descriptions() -> None:
    # moto forgets the description of a rule that names a prefix list, and answers that of a rule
    # that names a group in DescribeSecurityGroups only.
    create = SecurityGroupRule.__init__

    def create_described(self: SecurityGroupRule, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        # (…, ip_range, source_group, prefix_list_id) when called by position.
        prefix_list = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None) or {}
        self.prefix_list_description = prefix_list.get("Description")

    def description(self: SecurityGroupRule) -> str | None:
        return (
            self.ip_range.get("Description")
            or self.source_group.get("Description")
            or self.prefix_list_description
        )

    SecurityGroupRule.__init__ = create_described
    SecurityGroupRule.description = property(description)

    flatten = SecurityGroup._flattened_rules

    def flatten_described(self: SecurityGroup, rules: list[SecurityGroupRule]) -> list[Any]:
        described = {
            (rule.ip_protocol, rule.from_port, rule.to_port, rule.prefix_list_id): rule.description
            for rule in rules
        }
        permissions = flatten(self, rules)
        for permission in permissions:
            ports = (permission.ip_protocol, permission.from_port, permission.to_port)
            for prefix_list in permission.prefix_list_ids:
                said = described[*ports, prefix_list["PrefixListId"]]
                if said is not None:
                    prefix_list["Description"] = said
        return permissions

    SecurityGroup._flattened_rules = flatten_described


def apply() -> None:
    _mend_cidr_blocks()
    _mend_identity()
    _mend_descriptions()
