"""Auto Scaling: the traffic sources of a group, which moto lacks.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTrafficSources.html
"""

from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from .auto_scaling import group_named

CLASSIC = "elb"
TARGET_GROUP = "elbv2"
LATTICE = "vpc-lattice"


def _lattice(group: Any) -> list[str]:
    """The target groups of VPC Lattice: nothing is registered with them here."""
    return group.__dict__.setdefault("lattice_target_groups", [])


def _sources(group: Any) -> list[dict[str, str]]:
    found = {
        CLASSIC: group.load_balancer_names or [],
        TARGET_GROUP: group.target_group_arns or [],
        LATTICE: _lattice(group),
    }
    return [
        {"Identifier": identifier, "Type": kind}
        for kind, identifiers in found.items()
        for identifier in identifiers
    ]


def _kind(source: dict[str, str]) -> str:
    # "Required if the identifier is the name of a Classic Load Balancer."
    identifier = source["Identifier"]
    return source.get("Type") or (LATTICE if ":vpc-lattice:" in identifier else TARGET_GROUP)


def _describe_traffic_sources(self: AutoScalingResponse) -> ActionResult:
    group = group_named(self.autoscaling_backend, self._get_param("AutoScalingGroupName"))
    kind = self._get_param("TrafficSourceType")
    states = [
        {**source, "TrafficSource": source["Identifier"], "State": "InService"}
        for source in _sources(group)
        if kind in (None, source["Type"])
    ]
    return ActionResult({"TrafficSources": states})


def _attach_traffic_sources(self: AutoScalingResponse) -> ActionResult:
    backend = self.autoscaling_backend
    group = group_named(backend, self._get_param("AutoScalingGroupName"))
    for source in self._get_param("TrafficSources", []):
        identifier = source["Identifier"]
        match _kind(source):
            case "elb":
                backend.attach_load_balancers(group.name, [identifier])
            case "elbv2":
                backend.attach_load_balancer_target_groups(group.name, [identifier])
            case _ if identifier not in _lattice(group):
                _lattice(group).append(identifier)
    return EmptyResult()


def apply() -> None:
    FakeAutoScalingGroup.traffic_sources = property(_sources)
    AutoScalingResponse.describe_traffic_sources = _describe_traffic_sources
    AutoScalingResponse.attach_traffic_sources = _attach_traffic_sources
