"""CloudTrail: a new trail logs management events.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
"""

from typing import Any

from moto.cloudtrail.models import Trail


def apply() -> None:
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
