"""Service Quotas: the quota of security groups is the one that the account is held to.

https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
"""

from typing import Any

from moto.servicequotas.models import ServiceQuotasBackend

from .settings import quota

SECURITY_GROUPS_PER_REGION = "L-E79EC296"


def apply() -> None:
    # moto answers with the default, whatever the quota of this account is.
    get = ServiceQuotasBackend.get_service_quota

    def get_service_quota(
        self: ServiceQuotasBackend, service_code: str, quota_code: str
    ) -> dict[str, Any]:
        found = get(self, service_code, quota_code)
        if quota_code == SECURITY_GROUPS_PER_REGION:
            return {**found, "Value": float(quota("securityGroups"))}
        return found

    ServiceQuotasBackend.get_service_quota = get_service_quota
