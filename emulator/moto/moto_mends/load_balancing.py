"""Elastic Load Balancing, both generations: registrations, draining and paging."""

import time
from typing import Any

from moto.core.responses import ActionResult
from moto.elb.models import ELBBackend
from moto.elb.responses import ELBResponse
from moto.elbv2.exceptions import TargetGroupNotFoundError, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup
from moto.elbv2.responses import ELBV2Response

from . import settings

LARGEST_PAGE = 400

# Id, port, Availability Zone: what AWS tells targets apart by.
Key = tuple[str, int | None, str | None]


def _key(group: FakeTargetGroup, target: dict[str, Any]) -> Key:
    port = target.get("Port") or group.port
    return target["Id"], int(port) if port else None, target.get("AvailabilityZone")


def _target(key: Key) -> dict[str, Any]:
    names = ("Id", "Port", "AvailabilityZone")
    return {name: value for name, value in zip(names, key, strict=True) if value is not None}


def _health(group: FakeTargetGroup, key: Key, state: str, reason: str = "", said: str = "") -> Any:
    check_port = group.health_check_port
    health = {"State": state}
    if reason:
        health |= {"Reason": reason, "Description": said}
    return {
        "Target": _target(key),
        "HealthCheckPort": str(key[1]) if check_port == "traffic-port" else check_port,
        "TargetHealth": health,
    }


def _forget_drained(group: Any) -> None:
    now = time.monotonic()
    for key in [key for key, until in group.deregistered_targets.items() if until <= now]:
        del group.deregistered_targets[key]


def _drain(group: Any, key: Key) -> None:
    if group.targets.pop(key, None) is not None:
        until = time.monotonic() + settings.seconds("drainingSeconds")
        group.deregistered_targets[key] = until


def _mend_registrations() -> None:
    # moto keeps one target per id, whatever its port; refuses to deregister what is not there; and
    # forgets at once what AWS shows as draining.
    register = FakeTargetGroup.register

    def register_each(self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
        before = dict(self.targets)
        for target in targets:
            register(self, [target])  # for its checks; it writes under the id
            self.targets.pop(target["Id"], None)
            key = _key(self, target)
            before[key] = _target(key)
            self.deregistered_targets.pop(key, None)
        self.targets = before

    def deregister(self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
        for target in targets:
            _drain(self, _key(self, target))

    def deregister_terminated(self: FakeTargetGroup, instance_ids: list[str]) -> None:
        for key in list(self.targets):
            if key[0] in instance_ids:
                _drain(self, key)

    FakeTargetGroup.register = register_each
    FakeTargetGroup.deregister = deregister
    FakeTargetGroup.deregister_terminated_instances = deregister_terminated


def _health_of(group: Any, backend: Any, key: Key) -> Any:
    if key in group.targets:
        instance = backend.get_instance_by_id(key[0]) if key[0].startswith("i-") else None
        if instance is not None and instance.state == "stopped":
            return _health(
                group, key, "unused", "Target.InvalidState", "Target is in the stopped state"
            )
        return _health(group, key, "healthy")
    if key in group.deregistered_targets:
        return _health(
            group,
            key,
            "draining",
            "Target.DeregistrationInProgress",
            "Target deregistration is in progress",
        )
    return _health(
        group,
        key,
        "unused",
        "Target.NotRegistered",
        "Target is not registered to the target group",
    )


def _mend_health() -> None:
    def describe_target_health(
        self: ELBv2Backend, target_group_arn: str, targets: list[dict[str, Any]]
    ) -> list[Any]:
        group = self.target_groups.get(target_group_arn)
        if group is None:
            raise TargetGroupNotFoundError()
        _forget_drained(group)
        keys: list[Any] = [_key(group, target) for target in targets]
        if not keys:
            keys = [*group.targets, *group.deregistered_targets]
        return [_health_of(group, self.ec2_backend, key) for key in keys]

    ELBv2Backend.describe_target_health = describe_target_health


def _mend_paging() -> None:
    # moto answers all target groups at once.
    def describe_target_groups(self: ELBV2Response) -> ActionResult:
        groups = list(
            self.elbv2_backend.describe_target_groups(
                self._get_param("LoadBalancerArn"),
                self._get_param("TargetGroupArns", []),
                self._get_param("Names", []),
            )
        )
        size = self._get_int_param("PageSize", LARGEST_PAGE)
        if not 1 <= size <= LARGEST_PAGE:
            raise ValidationError(f"Page size must be between 1 and {LARGEST_PAGE}.")
        marker = self._get_param("Marker")
        names = [group.name for group in groups]
        if marker and marker not in names:
            raise ValidationError("Invalid marker.")
        start = names.index(marker) + 1 if marker else 0
        page = groups[start : start + size]
        more = page[-1].name if start + size < len(groups) else None
        return ActionResult({"TargetGroups": page, "NextMarker": more})

    ELBV2Response.describe_target_groups = describe_target_groups


def _mend_classic() -> None:
    # moto does not deregister from a classic load balancer what a group of instances registered,
    # keeps an instance twice that is registered twice, and answers the remaining instances in a
    # form that no SDK reads.
    register = ELBBackend.register_instances
    deregister = ELBBackend.deregister_instances

    def register_instances(
        self: ELBBackend, load_balancer_name: str, instance_ids: Any, from_autoscaling: bool = False
    ) -> Any:
        present = self.get_load_balancer(load_balancer_name).instance_ids
        new = [id for id in dict.fromkeys(instance_ids) if id not in present]
        return register(self, load_balancer_name, new, from_autoscaling)

    def deregister_instances(
        self: ELBBackend, load_balancer_name: str, instance_ids: Any, from_autoscaling: bool = False
    ) -> Any:
        ids = list(instance_ids)
        deregister(self, load_balancer_name, ids, from_autoscaling=True)
        if from_autoscaling:
            return self.get_load_balancer(load_balancer_name)
        return deregister(self, load_balancer_name, ids, from_autoscaling=False)

    def deregister_response(self: ELBResponse) -> ActionResult:
        ids = [item["InstanceId"] for item in self._get_param("Instances", [])]
        name = self._get_param("LoadBalancerName")
        balancer = self.elb_backend.deregister_instances(name, ids)
        return ActionResult({"Instances": [{"InstanceId": id} for id in balancer.instance_ids]})

    ELBBackend.register_instances = register_instances
    ELBBackend.deregister_instances = deregister_instances
    ELBResponse.deregister_instances_from_load_balancer = deregister_response


def apply() -> None:
    _mend_registrations()
    _mend_health()
    _mend_paging()
    _mend_classic()
