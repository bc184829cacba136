"""Patches of moto 5.2.1 where it deviates from AWS, one module per service or part of EC2."""

from . import (
    access,
    alarms,
    auto_scaling,
    auto_scaling_processes,
    auto_scaling_traffic,
    cloudformation,
    ebs,
    ec2_addresses,
    ec2_attachments,
    ec2_consoles,
    ec2_dry_run,
    ec2_endpoints,
    ec2_filters,
    ec2_flow_logs,
    ec2_group_limits,
    ec2_group_rules,
    ec2_groups,
    ec2_instance_profiles,
    ec2_instances,
    ec2_interface_kinds,
    ec2_interfaces,
    ec2_managed_visibility,
    ec2_network_acls,
    ec2_odd_instances,
    ec2_paging,
    ec2_parameters,
    ec2_routes,
    ec2_snapshot_copies,
    ec2_snapshots,
    ec2_tags,
    ec2_template_groups,
    ec2_traffic_mirrors,
    ec2_unpaged,
    ec2_volumes,
    events,
    kms,
    load_balancing,
    notifications,
    policy_simulation,
    queues,
    repeated_work,
    role_policies,
    s3,
    service_quotas,
    settings,
    ssm,
    step_functions,
    step_functions_sizes,
    trails,
)

MENDED = (
    settings, repeated_work, access, role_policies, policy_simulation, service_quotas, trails,
    step_functions, step_functions_sizes, cloudformation, events, alarms,
    kms, queues, s3,
    ec2_filters, ec2_interfaces, ec2_interface_kinds, ec2_routes, ec2_addresses,
    ec2_attachments, ec2_instances,
    ec2_instance_profiles, ec2_groups, ec2_group_rules, ec2_group_limits,
    ec2_network_acls, ec2_endpoints, ec2_template_groups, ec2_flow_logs,
    ec2_tags, ec2_snapshots, ec2_snapshot_copies, ec2_volumes, ec2_traffic_mirrors, ebs, ec2_odd_instances, ec2_managed_visibility, ec2_consoles, ssm,
    auto_scaling, auto_scaling_processes, auto_scaling_traffic, load_balancing, notifications,
    # Last: they look at what the others left.
    ec2_dry_run, ec2_paging, ec2_unpaged, ec2_parameters,
)  # fmt: skip


def apply() -> None:
    """Applies all mends; to be called once, before the server takes calls."""
    for service in MENDED:
        service.apply()
