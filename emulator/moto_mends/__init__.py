"""Patches of moto 5.2.1 where it deviates from AWS, one module per service or part of EC2."""

from . import (
    access,
    auto_scaling,
    cloudformation,
    ec2_consoles,
    ec2_dry_run,
    ec2_groups,
    ec2_instances,
    ec2_interfaces,
    ec2_odd_instances,
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
    settings, access, step_functions, cloudformation, events, queues, ec2_interfaces, ec2_instances,
    ec2_groups, ec2_tags, ec2_snapshots,
    ec2_odd_instances, ec2_consoles, ssm,
    auto_scaling, load_balancing, notifications,
    # Last: it looks at what the others left.
    ec2_dry_run,
)  # fmt: skip


def apply() -> None:
    """Applies all mends; to be called once, before the server takes calls."""
    for service in MENDED:
        service.apply()
