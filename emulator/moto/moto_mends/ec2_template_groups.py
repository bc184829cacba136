"""EC2 security groups that a template makes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
"""

from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroup


def _peers(rule: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    return [{name: rule[key]}] if key in rule else []


def _authorize(group: SecurityGroup, account_id: str, region: str, rule: dict[str, Any]) -> None:
    ec2_backends[account_id][region].authorize_security_group_egress(
        group.id,
        str(rule["IpProtocol"]),
        rule.get("FromPort"),
        rule.get("ToPort"),
        _peers(rule, "CidrIp", "CidrIp") + _peers(rule, "CidrIpv6", "CidrIpv6"),
        source_groups=_peers(rule, "DestinationSecurityGroupId", "GroupId"),
        prefix_list_ids=_peers(rule, "DestinationPrefixListId", "PrefixListId"),
        vpc_id=group.vpc_id,
    )


def _mend_egress() -> None:
    # moto leaves a group the rule that lets everything out, whatever ways out the template names.
    create = SecurityGroup.create_from_cloudformation_json

    def create_with_egress(
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **given: Any,
    ) -> SecurityGroup:
        group: SecurityGroup = create(
            resource_name, cloudformation_json, account_id, region_name, **given
        )
        rules = cloudformation_json["Properties"].get("SecurityGroupEgress")
        if rules:
            group.egress_rules.clear()
            for rule in rules:
                _authorize(group, account_id, region_name, rule)
        return group

    SecurityGroup.create_from_cloudformation_json = staticmethod(create_with_egress)


def apply() -> None:
    _mend_egress()
