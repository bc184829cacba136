"""IAM: who is checked, against what, and how a service says no."""

import json
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import CreateAccessKeyFailure, IAMRequest
from moto.moto_api._internal.models import MotoAPIBackend
from moto.s3.responses import ACTION_MAP
from werkzeug.exceptions import HTTPException

# Where the name that a call is signed for is not the prefix of its actions.
ACTION_PREFIXES = {"monitoring": "cloudwatch", "email": "ses"}

# Where an operation has no action of its own.
ACTIONS_OF_OPERATIONS = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sns:PublishBatch": "sns:Publish",
    "lambda:Invoke": "lambda:InvokeFunction",
}


# What each part of a transaction needs; the transaction has no action of its own
# (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
ACTIONS_OF_PARTS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Get": "dynamodb:GetItem",
}


class Denied(HTTPException):
    """An error as a service words it: status, content type, body."""

    def __init__(self, code: int, content_type: str, body: str) -> None:
        super().__init__(description=body)
        self.code = code
        self.content_type = content_type

    def get_body(self, *_: Any) -> str:
        """Where moto lets the error through to its server, which would make a page of it."""
        return self.description or ""

    def get_headers(self, *_: Any) -> list[tuple[str, str]]:
        return [("Content-Type", self.content_type)]


def _refusal(service: str, is_json: bool, arn: str, action: str) -> Denied:
    said = (
        f"User: {arn} is not authorized to perform: {action} "
        f"because no identity-based policy allows the {action} action"
    )
    text = escape(said)
    if service == "ec2":
        body = (
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>"
            f"You are not authorized to perform this operation. {text}"
            f"</Message></Error></Errors><RequestID>{uuid4()}</RequestID></Response>"
        )
        return Denied(403, "text/xml", body)
    if is_json:
        body = json.dumps({"__type": "AccessDeniedException", "message": said})
        return Denied(400, "application/x-amz-json-1.0", body)
    if service in ("lambda", "guardduty"):
        body = json.dumps({"Type": "User", "Message": said, "__type": "AccessDeniedException"})
        return Denied(403, "application/json", body)
    if service == "s3":
        body = f"<Error><Code>AccessDenied</Code><Message>{text}</Message></Error>"
        return Denied(403, "application/xml", body)
    code = "AuthorizationError" if service == "sns" else "AccessDenied"
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}"
        f"</Message></Error><RequestId>{uuid4()}</RequestId></ErrorResponse>"
    )
    return Denied(403, "text/xml", body)


class _CheckedRequest(IAMRequest):
    """A call of an assumed role, and the actions that its policies must allow."""

    def refused(self) -> str | None:
        """The action that no policy allows; None when all are allowed."""
        for action in self._actions():
            self._action = action
            try:
                self.check_action_permitted("*")
            except PermissionError:
                return action
        return None

    def _actions(self) -> list[str]:
        service, operation = self._action.split(":", 1)
        action = f"{ACTION_PREFIXES.get(service, service)}:{operation}"
        if action in ("dynamodb:TransactWriteItems", "dynamodb:TransactGetItems"):
            parts = json.loads(self._body).get("TransactItems", [])
            return sorted({ACTIONS_OF_PARTS[kind] for part in parts for kind in part})
        actions = [ACTIONS_OF_OPERATIONS.get(action, action)]
        if service == "ec2" and any(name.startswith("TagSpecification") for name in self._data):
            # Tags given at the creation of a resource need this permission too.
            actions.append("ec2:CreateTags")
        return actions

    def _raise_access_denied(self) -> None:
        raise PermissionError

    def _raise_invalid_access_key(self, reason: str) -> None:
        raise CreateAccessKeyFailure(reason)


def _mend_checks() -> None:
    # moto would check whoever calls, so also those who build the world, and compares signatures
    # that a proxy may have made invalid; EC2 denies with AccessDenied and JSON services in XML;
    # tags at a creation need no permission.
    def authorize(self: Any, _iam_request_cls: type, _resource: str = "*") -> None:
        token = self.headers.get("X-Amz-Security-Token")
        if settings.INITIAL_NO_AUTH_ACTION_COUNT == float("inf") or not token:
            return
        try:
            request = _CheckedRequest(
                account_id=self.current_account,
                method=self.method,
                path=self.path,
                data=self.data,
                body=self.raw_body,
                headers=self.headers,
                action=self._get_action(),
            )
        except CreateAccessKeyFailure:
            # A session of before the last reset, or none of this emulator.
            service = "ec2" if "/ec2/" in self.headers.get("Authorization", "") else ""
            arn, refused = "of an unknown session", "anything"
        else:
            service, arn, refused = request._service, request._access_key.arn, request.refused()
        if refused is None:
            return
        error = _refusal(service, "X-Amz-Target" in self.headers, arn, refused)
        self.response_headers["Content-Type"] = error.content_type
        raise error

    ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize


def _mend_s3_actions() -> None:
    # moto takes the reading of a bucket's lock for the listing of its objects
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html).
    ACTION_MAP["BUCKET"]["GET"]["object-lock"] = "GetBucketObjectLockConfiguration"


def _mend_reset() -> None:
    # moto keeps checking after a reset, with every role gone.
    reset = MotoAPIBackend.reset

    def reset_with_checks(self: MotoAPIBackend) -> None:
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        reset(self)

    MotoAPIBackend.reset = reset_with_checks


def apply() -> None:
    _mend_checks()
    _mend_s3_actions()
    _mend_reset()
