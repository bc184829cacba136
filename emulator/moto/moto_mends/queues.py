"""SQS: where the queues of a stack lie."""

import os

from moto.sqs.models import Queue


def _mend_queue_urls() -> None:
    # moto gives a stack the queue URL of the real AWS, and SDK clients that take their endpoint
    # from the environment follow the queue URL: they would call the real AWS.
    def physical_resource_id(self: Queue) -> str:
        return f"http://127.0.0.1:{os.environ['MOTO_PORT']}/{self.account_id}/{self.name}"

    Queue.physical_resource_id = property(physical_resource_id)


def apply() -> None:
    _mend_queue_urls()
