"""EC2 refuses a list of ids beside a page size, and a long list in one piece.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination

The second only where the account has many resources: POST /moto-api/mends/account with
{"manyResources": 1}. DescribeNetworkInterfaces then fails unless it is paged or has one of the
filters that its page names. For other lists the page says that calls without pages are throttled or
time out; here they fail as well, so that a caller that would is found. The code of that error is
documented nowhere.
"""

import re

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from . import settings
from .ec2_model import check_first, documented_filters, members, operation, without_markup

DEMANDS_PAGES = re.compile("fails unless you use pagination|only paginated requests")
EXEMPT_FILTERS = re.compile(r"use pagination or one of the following filters: ([^!]+?)\. ")


def _id_lists(name: str) -> list[str]:
    """The parameters that name what is described: GroupIds of DescribeSecurityGroups."""
    noun = re.sub(r"(Status|s)$", "", name.removeprefix("Describe"))
    return [each for each in members(name) if each.endswith("Ids") and noun.endswith(each[:-3])]


def _exempt_filters(name: str) -> frozenset[str]:
    said = EXEMPT_FILTERS.search(without_markup(name))
    return frozenset(
        each for each in documented_filters(name) if said and each in re.split(r"[,\s]+", said[1])
    )


def _check_pages(response: EC2Response) -> None:
    name = operation(response).name
    if not name.startswith("Describe") or "MaxResults" not in members(name):
        return
    paged = response._get_param("MaxResults") is not None
    ids = [each for each in _id_lists(name) if response._get_param(each)]
    if paged and ids:
        raise EC2ClientError(
            "InvalidParameterCombination",
            f"The parameter {ids[0]} cannot be used with the parameter maxResults",
        )
    if paged or ids or not settings.account("manyResources"):
        return
    filters = {each.get("Name") for each in response._get_param("Filters") or []}
    if DEMANDS_PAGES.search(without_markup(name)) and not filters & _exempt_filters(name):
        raise EC2ClientError(
            "OperationNotPermitted",
            f"This account has too many resources for {name} without pagination.",
        )


def apply() -> None:
    check_first(_check_pages)
