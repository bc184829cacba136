"""EC2 security groups: names, dependencies, and changes of rules that fail whole."""

import itertools
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    DependencyViolationError,
    EC2ClientError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupDuplicateError,
    InvalidSecurityGroupNotFoundError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from .ec2_group_limits import check_rule, check_rule_quota


def _mend_names() -> None:
    # moto takes names that differ in case only; for AWS they are the same name in a VPC.
    create = EC2Backend.create_security_group

    def create_unique(
        self: EC2Backend,
        name: str,
        description: str,
        vpc_id: str | None = None,
        tags: Any = None,
        force: bool = False,
        is_default: bool | None = None,
    ) -> Any:
        if not force:
            vpc = vpc_id or self.default_vpc.id
            if any(group.name.lower() == name.lower() for group in self.groups[vpc].values()):
                raise InvalidSecurityGroupDuplicateError(name)
        return create(self, name, description, vpc_id, tags, force, is_default)

    EC2Backend.create_security_group = create_unique


def _refers_to(rule: Any, group_id: str) -> bool:
    return bool(rule.source_group) and rule.source_group.get("GroupId") == group_id


def _mend_deletion() -> None:
    # moto deletes groups that interfaces or rules of other groups use; AWS refuses.
    delete = EC2Backend.delete_security_group

    def delete_unused(
        self: EC2Backend, name: str | None = None, group_id: str | None = None
    ) -> None:
        group = self.get_security_group_by_name_or_id(group_id or name or "")
        if group is not None:
            if group.is_default:
                raise EC2ClientError(
                    "CannotDelete", f'the specified group: "{group.id}" cannot be deleted by a user'
                )
            others = [
                other
                for groups in self.groups.values()
                for other in groups.values()
                if other.id != group.id
            ]
            used = any(group in eni._group_set for eni in self.enis.values()) or any(
                _refers_to(rule, group.id)
                for other in others
                for rule in itertools.chain(other.ingress_rules, other.egress_rules)
            )
            if used:
                raise DependencyViolationError(f"resource {group.id} has a dependent object")
        delete(self, name, group_id)

    EC2Backend.delete_security_group = delete_unused


def _rules_to_revoke(
    backend: EC2Backend, group: Any, present: list[Any], wanted: dict[str, Any], egress: bool
) -> list[str]:
    if wanted["security_rule_ids"]:
        ids = {rule.id for rule in present}
        for rule_id in wanted["security_rule_ids"]:
            if rule_id not in ids:
                raise EC2ClientError(
                    "InvalidSecurityGroupRuleId.NotFound",
                    f"The security group rule ID '{rule_id}' does not exist",
                )
        return list(wanted["security_rule_ids"])
    found = []
    for rule in backend._iterate_security_rules(
        wanted["ip_protocol"],
        group.group_id,
        wanted["from_port"],
        wanted["to_port"],
        wanted["ip_ranges"],
        backend._add_source_group(wanted["source_groups"], None),
        wanted["prefix_list_ids"] or [],
        is_egress=egress,
    ):
        match = next((each for each in present if each == rule), None)
        if match is None:
            raise InvalidPermissionNotFoundError()
        found.append(match.id)
    return found


def _revoke(direction: str) -> Callable[[EC2Response], ActionResult]:
    def revoke(self: EC2Response) -> ActionResult:
        self.error_on_dryrun()
        attribute = f"{direction}_rules"
        doomed: list[str] = []
        group = None
        for wanted in self._process_rules_from_querystring():
            name = wanted["group_name_or_id"]
            group = self.ec2_backend.get_security_group_by_name_or_id(name)
            if group is None:
                raise InvalidSecurityGroupNotFoundError(name)
            present = getattr(group, attribute)
            doomed += _rules_to_revoke(
                self.ec2_backend, group, present, wanted, direction == "egress"
            )
        if group is not None:
            kept = [rule for rule in getattr(group, attribute) if rule.id not in doomed]
            setattr(group, attribute, kept)
        return ActionResult({"Return": True})

    return revoke


def _authorize(direction: str) -> Callable[[EC2Response], ActionResult]:
    def authorize(self: EC2Response) -> ActionResult:
        self.error_on_dryrun()
        add = getattr(self.ec2_backend, f"authorize_security_group_{direction}")
        attribute = f"{direction}_rules"
        group, before, added = None, [], []
        try:
            for wanted in self._process_rules_from_querystring():
                check_rule(self.ec2_backend, wanted)
                if group is None:
                    group = self.ec2_backend.get_security_group_by_name_or_id(
                        wanted["group_name_or_id"]
                    )
                    before = list(getattr(group, attribute, []))
                added += add(**wanted)[0]
            check_rule_quota(self.ec2_backend, getattr(group, attribute, []))
        except EC2ClientError:
            if group is not None:
                setattr(group, attribute, before)
            raise
        return ActionResult({"Return": True, "SecurityGroupRules": added})

    return authorize


def _mend_rules() -> None:
    # moto changes what it can before it fails, takes the revocation of an IPv6 rule that is not
    # there in a VPC without IPv6, and answers the rules of the last permission only.
    for direction in ("ingress", "egress"):
        setattr(EC2Response, f"revoke_security_group_{direction}", _revoke(direction))
        setattr(EC2Response, f"authorize_security_group_{direction}", _authorize(direction))


def apply() -> None:
    _mend_names()
    _mend_deletion()
    _mend_rules()
