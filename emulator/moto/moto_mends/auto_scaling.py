"""Auto Scaling: the states of instances, what detaching or standing by refuses and does.

POST /moto-api/mends/lifecycle with ``{"instanceId": …, "state": …}`` puts a member of a group into
a lifecycle state, where it stays: the states between InService and the end take no time here.
"""

import json
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import (
    ASG_NAME_TAG,
    AutoScalingBackend,
    DetachInstanceActivity,
    EnterStandbyActivity,
    ExitStandbyActivity,
    FakeAutoScalingGroup,
    autoscaling_backends,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.moto_api._internal import urls

MOST_IDS = 20
LIFECYCLE_STATES = (
    "Pending", "Pending:Wait", "Pending:Proceed", "InService",
    "Terminating", "Terminating:Wait", "Terminating:Proceed", "Terminating:Retained",
    "Detaching", "EnteringStandby", "Standby",
    "ReplacingRootVolume", "ReplacingRootVolume:Wait", "ReplacingRootVolume:Proceed",
    "RootVolumeReplaced",
    "Warmed:Pending", "Warmed:Pending:Wait", "Warmed:Pending:Proceed", "Warmed:Pending:Retained",
    "Warmed:Stopped", "Warmed:Running", "Warmed:Hibernated",
    "Warmed:Terminating", "Warmed:Terminating:Wait", "Warmed:Terminating:Proceed",
    "Warmed:Terminating:Retained",
)  # fmt: skip
LARGEST_PAGE = 100
DEFAULT_PAGE = 50


def group_named(backend: AutoScalingBackend, name: str) -> Any:
    """The group of this name, or the error that AWS answers when there is none."""
    group = backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(
            f"AutoScalingGroup name not found - AutoScalingGroup {name} not found"
        )
    return group


def _members(group: Any, instance_ids: list[str]) -> list[Any]:
    if not 1 <= len(instance_ids) <= MOST_IDS:
        raise ValidationError(f"Between 1 and {MOST_IDS} instances can be named in one call.")
    states = {state.instance.id: state for state in group.instance_states}
    for instance_id in instance_ids:
        if instance_id not in states:
            raise ValidationError(
                f"The instance {instance_id} is not part of Auto Scaling group {group.name}."
            )
    return [states[instance_id] for instance_id in instance_ids]


def _check_detachable(member: Any, should_decrement: bool) -> None:
    # AWS detaches a retained instance too, but only without taking it off the desired capacity,
    # of which it is no part any more.
    state = member.lifecycle_state
    retained = state.endswith(":Retained") and not should_decrement
    if state not in ("InService", "Standby") and not retained:
        raise ValidationError(f"The instance {member.instance.id} is not in InService or Standby.")


def _check_size(group: Any, leaving: int, verb: str) -> None:
    desired = group.desired_capacity or 0
    if desired - leaving < (group.min_size or 0):
        raise ValidationError(
            f"AutoScalingGroup {group.name} has min-size={group.min_size}, "
            f"max-size={group.max_size}, and desired-size={desired}. To {verb} "
            f"{leaving} instances, please update the AutoScalingGroup sizes appropriately."
        )


def _check_maximum(group: Any, wanted: int) -> None:
    if wanted > (group.max_size or 0):
        raise ValidationError(
            f"AutoScalingGroup {group.name} has max-size={group.max_size}. The new desired-size="
            f"{wanted} is above it, please update the AutoScalingGroup sizes appropriately."
        )


def _leave_load_balancers(backend: AutoScalingBackend, group: Any, instance_ids: list[str]) -> None:
    for arn in group.target_group_arns:
        target_group = backend.elbv2_backend.target_groups.get(arn)
        if target_group is not None:
            target_group.deregister([{"Id": instance_id} for instance_id in instance_ids])
    for name in group.load_balancer_names or []:
        backend.elb_backend.deregister_instances(name, instance_ids)


def _join_load_balancers(backend: AutoScalingBackend, group: Any, instance_ids: list[str]) -> None:
    for arn in group.target_group_arns:
        target_group = backend.elbv2_backend.target_groups.get(arn)
        if target_group is not None:
            target_group.register([{"Id": instance_id} for instance_id in instance_ids])
    for name in group.load_balancer_names or []:
        backend.elb_backend.register_instances(name, instance_ids, from_autoscaling=True)


def resize(backend: AutoScalingBackend, group: Any, desired: int) -> None:
    """Launches or ends instances; those launched join the load balancers, as AWS has them do."""
    present = {state.instance.id for state in group.instance_states}
    group.set_desired_capacity(desired)
    launched = [s.instance.id for s in group.instance_states if s.instance.id not in present]
    suspended = [process["ProcessName"] for process in group.suspended_processes]
    if "AddToLoadBalancer" not in suspended:
        _join_load_balancers(backend, group, launched)


def _mend_detach() -> None:
    # moto takes instances that are no members, and leaves the detached ones registered with the
    # load balancers of the group, and their replacements not.
    def detach_instances(
        self: AutoScalingBackend, group_name: str, instance_ids: list[str], should_decrement: bool
    ) -> list[DetachInstanceActivity]:
        group = group_named(self, group_name)
        members = _members(group, instance_ids)
        for member in members:
            _check_detachable(member, should_decrement)
        desired = group.desired_capacity or 0
        leaving = [state for state in members if state.lifecycle_state == "InService"]
        if should_decrement:
            _check_size(group, len(leaving), "detach")
        activities = [DetachInstanceActivity(state.instance) for state in members]
        group.instance_states = [s for s in group.instance_states if s not in members]
        _leave_load_balancers(self, group, instance_ids)
        for state in members:
            self.ec2_backend.delete_tags([state.instance.id], {ASG_NAME_TAG: group.name})
            # Else an attachment to another group would still name this one.
            del state.instance.autoscaling_group
        resize(self, group, desired - len(leaving) if should_decrement else desired)
        return activities

    AutoScalingBackend.detach_instances = detach_instances


def _mend_attach() -> None:
    # moto counts those that stand by as capacity, and calls a group that is full a contention, which
    # clients try again: "If the number of instances being attached plus the desired capacity of the
    # group exceeds the maximum size of the group, the operation fails."
    attach = AutoScalingBackend.attach_instances

    def attach_instances(
        self: AutoScalingBackend, group_name: str, instance_ids: list[str]
    ) -> None:
        group = group_named(self, group_name)
        wanted = (group.desired_capacity or 0) + len(instance_ids)
        _check_maximum(group, wanted)
        most, group.max_size = group.max_size, len(group.instance_states) + len(instance_ids)
        try:
            attach(self, group_name, instance_ids)
        finally:
            group.max_size = most
        group.desired_capacity = wanted

    AutoScalingBackend.attach_instances = attach_instances


def _mend_standby() -> None:
    # moto takes instances that are no members or not in service, leaves those that stand by
    # registered with the load balancers or registers them again, and does not look at the minimum
    # size.
    def enter_standby_instances(
        self: AutoScalingBackend, group_name: str, instance_ids: list[str], should_decrement: bool
    ) -> list[EnterStandbyActivity]:
        group = group_named(self, group_name)
        members = _members(group, instance_ids)
        for member in members:
            if member.lifecycle_state != "InService":
                raise ValidationError(f"The instance {member.instance.id} is not in InService.")
        desired = group.desired_capacity or 0
        if should_decrement:
            _check_size(group, len(members), "put into standby")
        for member in members:
            member.lifecycle_state = "Standby"
        _leave_load_balancers(self, group, instance_ids)
        resize(self, group, desired - len(members) if should_decrement else desired)
        return [EnterStandbyActivity(member.instance, desired) for member in members]

    def exit_standby_instances(
        self: AutoScalingBackend, group_name: str, instance_ids: list[str]
    ) -> list[ExitStandbyActivity]:
        group = group_named(self, group_name)
        members = _members(group, instance_ids)
        for member in members:
            if member.lifecycle_state != "Standby":
                raise ValidationError(f"The instance {member.instance.id} is not in Standby.")
        desired = group.desired_capacity or 0
        for member in members:
            member.lifecycle_state = "InService"
        _join_load_balancers(self, group, instance_ids)
        group.desired_capacity = desired + len(members)
        return [ExitStandbyActivity(member.instance, desired) for member in members]

    def update_attached_target_groups(self: AutoScalingBackend, group_name: str) -> None:
        group = self.autoscaling_groups[group_name]
        serving = [s.instance.id for s in group.instance_states if s.lifecycle_state == "InService"]
        for arn in group.target_group_arns:
            target_group = self.elbv2_backend.target_groups.get(arn)
            if target_group is not None:
                targets = [{"Id": id, "Port": target_group.port} for id in serving]
                self.elbv2_backend.register_targets(arn, targets)

    AutoScalingBackend.update_attached_target_groups = update_attached_target_groups
    AutoScalingBackend.enter_standby_instances = enter_standby_instances
    AutoScalingBackend.exit_standby_instances = exit_standby_instances


def _mend_states() -> None:
    # moto puts members in service at once, and would launch another one for each that is pending.
    def active_instances(self: FakeAutoScalingGroup) -> list[Any]:
        return [
            state
            for state in self.instance_states
            if state.lifecycle_state == "InService" or state.lifecycle_state.startswith("Pending")
        ]

    FakeAutoScalingGroup.active_instances = active_instances

    def set_state(request: Any, _full_url: str, _headers: Any) -> tuple[int, Any, str]:
        wanted = json.loads(request.get_data(as_text=True))
        if wanted.get("state") not in LIFECYCLE_STATES:
            return 400, {}, json.dumps({"states": LIFECYCLE_STATES})
        for _, _, backend in autoscaling_backends.iter_backends():
            for group in backend.autoscaling_groups.values():
                for member in group.instance_states:
                    if member.instance.id == wanted.get("instanceId"):
                        member.lifecycle_state = wanted["state"]
                        return 200, {}, "{}"
        return 404, {}, json.dumps({"noMember": wanted.get("instanceId")})

    urls.url_paths["{0}/moto-api/mends/lifecycle"] = set_state


def _mend_paging() -> None:
    # moto answers 500 for a page that is too large or a token that it does not know.
    def describe_auto_scaling_groups(self: AutoScalingResponse) -> ActionResult:
        groups = self.autoscaling_backend.describe_auto_scaling_groups(
            self._get_param("AutoScalingGroupNames", []), filters=self._get_param("Filters", [])
        )
        size = self._get_int_param("MaxRecords", DEFAULT_PAGE)
        if not 1 <= size <= LARGEST_PAGE:
            raise ValidationError(f"MaxRecords must be between 1 and {LARGEST_PAGE}.")
        token = self._get_param("NextToken")
        names = [group.name for group in groups]
        if token and token not in names:
            raise ValidationError("The token is invalid.")
        start = names.index(token) + 1 if token else 0
        page = groups[start : start + size]
        more = page[-1].name if start + size < len(groups) else None
        return ActionResult({"AutoScalingGroups": page, "NextToken": more})

    AutoScalingResponse.describe_auto_scaling_groups = describe_auto_scaling_groups


def apply() -> None:
    _mend_detach()
    _mend_attach()
    _mend_standby()
    _mend_states()
    _mend_paging()
