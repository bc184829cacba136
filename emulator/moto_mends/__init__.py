"""Patches of moto 5.2.1 where it deviates from AWS, one module per service or part of EC2."""

from . import (
    auto_scaling,
    cloudformation,
    ec2_groups,
    ec2_instances,
    ec2_interfaces,
    ec2_snapshots,
    ec2_tags,
    events,
    load_balancing,
    notifications,
    queues,
    settings,
    ssm,
    step_functions,
)

MENDED = (
    settings, step_functions, cloudformation, events, queues, ec2_interfaces, ec2_instances,
    ec2_groups, ec2_tags, ec2_snapshots, ssm,
    auto_scaling, load_balancing, notifications,
)  # fmt: skip


def apply() -> None:
    """Applies all mends; to be called once, before the server takes calls."""
    for service in MENDED:
        service.apply()
