"""Flow logs: idempotent requests, folders of buckets, refusals one by one, and their quota.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-flow-logs
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.flow_logs import FlowLogs, FlowLogsBackend
from moto.ec2.responses import EC2Response

MOST_PER_RESOURCE = 2


def _refusal(backend: FlowLogsBackend, resource_id: str, wanted: tuple[Any, ...]) -> Any:
    standing = [one for one in backend.flow_logs.values() if one.resource_id == resource_id]
    if any((one.traffic_type, one.log_destination, one.log_format) == wanted for one in standing):
        return ("FlowLogAlreadyExists", "There is an existing Flow Log with the same configuration.")
    if len(standing) >= MOST_PER_RESOURCE:
        return ("FlowLogsLimitExceeded", "The maximum number of flow logs has been reached.")
    return None


def _mend_creating() -> None:
    # moto refuses the whole call where one resource is refused, and takes the folder of a bucket
    # for a part of its name.
    create = FlowLogsBackend.create_flow_logs

    def create_each(
        self: FlowLogsBackend,
        resource_type: str,
        resource_ids: list[str],
        traffic_type: str,
        deliver_logs_permission_arn: str,
        log_destination_type: str,
        log_destination: str,
        *rest: Any,
        **named: Any,
    ) -> tuple[list[FlowLogs], list[Any]]:
        made: list[FlowLogs] = []
        refused: list[Any] = []
        log_format = named.get("log_format", rest[1] if len(rest) > 1 else None)
        bucket = log_destination
        if log_destination_type == "s3" and log_destination is not None:
            bucket = log_destination.split("/", 1)[0]
        for resource_id in resource_ids:
            wanted = (traffic_type, log_destination, log_format)
            refusal = _refusal(self, resource_id, wanted)
            if refusal is not None:
                refused.append((resource_id, *refusal))
                continue
            try:
                some, unsuccessful = create(
                    self, resource_type, [resource_id], traffic_type,
                    deliver_logs_permission_arn, log_destination_type, bucket, *rest, **named,
                )  # fmt: skip
            except EC2ClientError as error:
                if not error.error_type.endswith(".NotFound"):
                    raise
                refused.append((resource_id, error.error_type, error.message))
                continue
            for one in some:
                one.log_destination = log_destination
            made.extend(some)
            refused.extend(unsuccessful)
        return made, refused

    FlowLogsBackend.create_flow_logs = create_each


def _mend_tokens() -> None:
    # moto ignores client tokens: the same request twice is one, another with its token is refused
    # (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html).
    create = EC2Response.create_flow_logs

    def create_once(self: EC2Response) -> ActionResult:
        token = self._get_param("ClientToken")
        seen = self.ec2_backend.__dict__.setdefault("flow_log_tokens", {})
        request = sorted((name, str(value)) for name, value in self.data.items())
        if token in seen:
            before, answer = seen[token]
            if before != request:
                raise EC2ClientError(
                    "IdempotentParameterMismatch",
                    "The client token was used with other parameters.",
                )
            return ActionResult(dict(answer))
        answer = create(self)
        if token:
            seen[token] = (request, {**answer.result, "ClientToken": token})
        return answer

    EC2Response.create_flow_logs = create_once


def _mend_deleting() -> None:
    # moto answers nothing; EC2 has a list of what it did not delete.
    def delete(self: EC2Response) -> ActionResult:
        self.error_on_dryrun()
        unsuccessful = []
        for flow_log_id in self._get_param("FlowLogIds", []):
            if self.ec2_backend.flow_logs.pop(flow_log_id, None) is None:
                error = {
                    "Code": "InvalidFlowLogId.NotFound",
                    "Message": f"The following FlowLog ID was not found: {flow_log_id}",
                }
                unsuccessful.append({"ResourceId": flow_log_id, "Error": error})
        return ActionResult({"Unsuccessful": unsuccessful})

    EC2Response.delete_flow_logs = delete


def apply() -> None:
    _mend_creating()
    _mend_tokens()
    _mend_deleting()
