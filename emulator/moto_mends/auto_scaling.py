"""Auto Scaling: what detaching an instance refuses and does."""

from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import ASG_NAME_TAG, AutoScalingBackend, DetachInstanceActivity
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

MOST_IDS = 20
DETACHABLE = ("InService", "Standby")
LARGEST_PAGE = 100
DEFAULT_PAGE = 50


def _group(backend: AutoScalingBackend, name: str) -> Any:
    group = backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(
            f"AutoScalingGroup name not found - AutoScalingGroup {name} not found"
        )
    return group


def _members(group: Any, instance_ids: list[str]) -> list[Any]:
    if not 1 <= len(instance_ids) <= MOST_IDS:
        raise ValidationError(f"Between 1 and {MOST_IDS} instances can be detached in one call.")
    states = {state.instance.id: state for state in group.instance_states}
    for instance_id in instance_ids:
        if instance_id not in states:
            raise ValidationError(
                f"The instance {instance_id} is not part of Auto Scaling group {group.name}."
            )
        if states[instance_id].lifecycle_state not in DETACHABLE:
            raise ValidationError(f"The instance {instance_id} is not in InService or Standby.")
    return [states[instance_id] for instance_id in instance_ids]


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


def _mend_detach() -> None:
    # moto takes instances that are no members, and leaves the detached ones registered with the
    # load balancers of the group, and their replacements not.
    def detach_instances(
        self: AutoScalingBackend, group_name: str, instance_ids: list[str], should_decrement: bool
    ) -> list[DetachInstanceActivity]:
        group = _group(self, group_name)
        members = _members(group, instance_ids)
        desired = group.desired_capacity or 0
        leaving = [state for state in members if state.lifecycle_state == "InService"]
        if should_decrement and desired - len(leaving) < (group.min_size or 0):
            raise ValidationError(
                f"AutoScalingGroup {group.name} has min-size={group.min_size}, "
                f"max-size={group.max_size}, and desired-size={desired}. To detach "
                f"{len(leaving)} instances, please update the AutoScalingGroup sizes appropriately."
            )
        activities = [DetachInstanceActivity(state.instance) for state in members]
        group.instance_states = [s for s in group.instance_states if s not in members]
        _leave_load_balancers(self, group, instance_ids)
        for state in members:
            self.ec2_backend.delete_tags([state.instance.id], {ASG_NAME_TAG: group.name})
            # Else an attachment to another group would still name this one.
            del state.instance.autoscaling_group
        remaining = {state.instance.id for state in group.instance_states}
        group.set_desired_capacity(desired - len(leaving) if should_decrement else desired)
        launched = [s.instance.id for s in group.instance_states if s.instance.id not in remaining]
        _join_load_balancers(self, group, launched)
        return activities

    AutoScalingBackend.detach_instances = detach_instances


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
    _mend_paging()
