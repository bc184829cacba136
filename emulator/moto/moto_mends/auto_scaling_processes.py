"""Auto Scaling: suspending processes, and what a group does not do meanwhile.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from .auto_scaling import group_named, resize

PROCESSES = (
    "Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck",
    "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions",
)  # fmt: skip


def _suspended(group: Any) -> dict[str, str]:
    """The suspended processes of a group, each with the reason shown."""
    return group.__dict__.setdefault("suspensions", {})


def _wanted(names: list[str] | None) -> list[str]:
    for name in names or []:
        if name not in PROCESSES:
            raise ValidationError(f"{name} is not a valid process type.")
    return [name for name in PROCESSES if not names or name in names]


def _mend_suspension() -> None:
    # moto takes any name, fails for a group that is not there, and gives no reason.
    def suspend_processes(
        self: AutoScalingBackend, group_name: str, scaling_processes: list[str]
    ) -> None:
        suspended = _suspended(group_named(self, group_name))
        now = datetime.now(tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name in _wanted(scaling_processes):
            suspended.setdefault(name, f"User suspended at {now}")

    def resume_processes(
        self: AutoScalingBackend, group_name: str, scaling_processes: list[str]
    ) -> None:
        group = group_named(self, group_name)
        suspended = _suspended(group)
        resumed = [name for name in _wanted(scaling_processes) if suspended.pop(name, None)]
        if "Launch" in resumed or "Terminate" in resumed:
            resize(self, group, group.desired_capacity or 0)

    def shown(self: FakeAutoScalingGroup) -> list[dict[str, str]]:
        return [
            {"ProcessName": name, "SuspensionReason": reason}
            for name, reason in _suspended(self).items()
        ]

    def ignore(_self: FakeAutoScalingGroup, _value: Any) -> None:
        """The calls above decide."""

    AutoScalingBackend.suspend_processes = suspend_processes
    AutoScalingBackend.resume_processes = resume_processes
    FakeAutoScalingGroup.suspended_processes = property(shown, ignore)


def _mend_capacity() -> None:
    # moto launches and terminates although that is suspended, and terminates members that stand by
    # before those in service, which alone count as capacity.
    launch = FakeAutoScalingGroup.replace_autoscaling_group_instances
    set_capacity = FakeAutoScalingGroup.set_desired_capacity

    def launch_unless_suspended(
        self: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]
    ) -> None:
        if "Launch" not in _suspended(self):
            launch(self, count_needed, propagated_tags)

    def set_desired_capacity(self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
        before = list(self.instance_states)
        serving = self.active_instances()
        wanted = self.min_size if new_capacity is None else new_capacity
        if "Terminate" in _suspended(self) and (wanted or 0) < len(serving):
            self.desired_capacity = wanted
            return
        self.instance_states = serving
        set_capacity(self, new_capacity)
        after = self.instance_states
        kept = [state for state in before if state not in serving or state in after]
        self.instance_states = [*kept, *(state for state in after if state not in before)]

    FakeAutoScalingGroup.replace_autoscaling_group_instances = launch_unless_suspended
    FakeAutoScalingGroup.set_desired_capacity = set_desired_capacity


def _mend_load_balancers() -> None:
    # moto adds to the load balancers although that is suspended.
    def unless_suspended(update: Callable[[AutoScalingBackend, str], None]) -> Any:
        def update_unless_suspended(self: AutoScalingBackend, group_name: str) -> None:
            if "AddToLoadBalancer" not in _suspended(group_named(self, group_name)):
                update(self, group_name)

        return update_unless_suspended

    for name in ("update_attached_elbs", "update_attached_target_groups"):
        setattr(AutoScalingBackend, name, unless_suspended(getattr(AutoScalingBackend, name)))


def apply() -> None:
    _mend_suspension()
    _mend_capacity()
    _mend_load_balancers()
