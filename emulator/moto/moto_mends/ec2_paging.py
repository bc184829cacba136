"""EC2 lists in pages, for the operations whose lists moto answers whole.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
"""

from collections.abc import Callable

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

SMALLEST_PAGE = 5
LARGEST_PAGE = 1000

LISTS = {
    "describe_flow_logs": "FlowLogs",
    "describe_network_acls": "NetworkAcls",
    "describe_network_interfaces": "NetworkInterfaces",
    "describe_security_groups": "SecurityGroups",
    "describe_vpc_endpoints": "VpcEndpoints",
    "describe_vpcs": "Vpcs",
}


def _start(token: str | None, count: int) -> int:
    if not token:
        return 0
    if not token.isdigit() or int(token) >= count:
        raise EC2ClientError("InvalidNextToken", f"The token '{token}' is invalid.")
    return int(token)


def _paged(
    describe: Callable[[EC2Response], ActionResult], name: str
) -> Callable[[EC2Response], ActionResult]:
    def describe_page(self: EC2Response) -> ActionResult:
        size = self._get_param("MaxResults")
        if size is not None and not SMALLEST_PAGE <= int(size) <= LARGEST_PAGE:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ( {size} ) for parameter maxResults is invalid. "
                f"Expecting a value from {SMALLEST_PAGE} to {LARGEST_PAGE}.",
            )
        answer = describe(self)
        whole = list(answer.result[name])
        start = _start(self._get_param("NextToken"), len(whole))
        end = start + int(size) if size is not None else len(whole)
        answer.result[name] = whole[start:end]
        if end < len(whole):
            answer.result["NextToken"] = str(end)
        return answer

    return describe_page


def apply() -> None:
    for operation, name in LISTS.items():
        setattr(EC2Response, operation, _paged(getattr(EC2Response, operation), name))
