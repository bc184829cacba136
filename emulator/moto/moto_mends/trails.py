"""CloudTrail: a new trail logs management events, and who may look events up.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from typing import Any

from moto.cloudtrail.models import Trail
from moto.cloudtrail.responses import CloudTrailResponse


def _mend_lookups() -> None:
    # moto has no such operation. It answers once the caller is known to be allowed; the events are
    # those that the proxy has seen, which puts them in.
    def lookup_events(self: CloudTrailResponse) -> str:
        return '{"Events": []}'

    CloudTrailResponse.lookup_events = lookup_events


def _mend_selectors() -> None:
    # moto gives a new trail no selector at all.
    create = Trail.__init__

    def create_with_selector(self: Trail, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        self.event_selectors = [
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [],
                "ExcludeManagementEventSources": [],
            }
        ]

    Trail.__init__ = create_with_selector


def apply() -> None:
    _mend_lookups()
    _mend_selectors()
