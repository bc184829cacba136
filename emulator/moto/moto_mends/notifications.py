"""SNS: the messages that AWS refuses, deliveries to functions, and subscriptions that are not confirmed."""

import copy
import json
import os
import threading
import urllib.request
from functools import cache
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import rsa
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription

LONGEST_SUBJECT = 99
LARGEST_MESSAGE = 262_144


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _mend_signing_key() -> None:
    # moto makes an RSA key for each subscription at its first message, which takes long.
    Subscription.private_key = lambda self: _signing_key()
    threading.Thread(target=_signing_key, daemon=True).start()


def _check_subject(subject: str) -> None:
    printable = all(" " <= character <= "~" for character in subject)
    if not 1 <= len(subject) <= LONGEST_SUBJECT or not printable or subject.startswith(" "):
        raise SNSInvalidParameter("Invalid parameter: Subject")


def _check_structure(message: str) -> None:
    try:
        structure = json.loads(message)
    except ValueError:
        structure = None
    if not isinstance(structure, dict):
        raise SNSInvalidParameter(
            "Invalid parameter: Message Structure - JSON message body failed to parse"
        )
    if not isinstance(structure.get("default"), str):
        raise SNSInvalidParameter(
            "Invalid parameter: Message Structure - No default entry in JSON message body"
        )
    if not all(isinstance(text, str) for text in structure.values()):
        raise SNSInvalidParameter(
            "Invalid parameter: Message Structure - JSON message body failed to parse"
        )


def _mend_publish() -> None:
    # moto takes subjects with line breaks and other alphabets, empty messages, and a structured
    # message without default when nobody is subscribed.
    publish = SNSBackend.publish

    def publish_checked(
        self: SNSBackend,
        message: str,
        arn: str | None,
        phone_number: str | None = None,
        subject: str | None = None,
        message_attributes: Any = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
        message_structure: str | None = None,
    ) -> str:
        if subject is not None:
            _check_subject(subject)
        if not message:
            raise SNSInvalidParameter("Invalid parameter: Empty message")
        if len(message.encode()) > LARGEST_MESSAGE:
            raise SNSInvalidParameter("Invalid parameter: Message too long")
        if message_structure == "json":
            _check_structure(message)
        return publish(
            self,
            message,
            arn,
            phone_number,
            subject,
            message_attributes,
            group_id,
            deduplication_id,
            message_structure,
        )

    SNSBackend.publish = publish_checked


def _invoke(function_arn: str, subscription: Subscription, notification: dict[str, Any]) -> None:
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": notification,
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ['MOTO_PORT']}/2015-03-31/functions/"
        f"{quote(function_arn, safe='')}/invocations",
        data=json.dumps({"Records": [record]}).encode(),
        headers={"Content-Type": "application/json", "X-Amz-Invocation-Type": "Event"},
    )
    with urllib.request.urlopen(request, timeout=900):
        pass


def _mend_function_subscriptions() -> None:
    # moto runs subscribed functions in docker; here the proxy runs them.
    publish = Subscription.publish

    def publish_to_function(
        self: Subscription, message: str, message_id: str, *args: Any, **kwargs: Any
    ) -> None:
        if self.protocol != "lambda":
            publish(self, message, message_id, *args, **kwargs)
            return
        matcher = self._filter_policy_matcher
        attributes = kwargs.get("message_attributes")
        if matcher is not None and not matcher.matches(attributes, message):
            return
        if kwargs.get("message_structure") == "json":
            message = self._parse_message_structure(message, self.protocol)
        notification = {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": self.topic.arn,
            "Subject": kwargs.get("subject"),
            "Message": message,
            "Timestamp": iso_8601_datetime_with_milliseconds(),
            "MessageAttributes": attributes or {},
        }
        arguments = (self.endpoint, self, notification)
        threading.Thread(target=_invoke, args=arguments, daemon=True).start()

    Subscription.publish = publish_to_function


def _mend_pending_subscriptions() -> None:
    # moto shows an address as subscribed before anybody has confirmed
    # (https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html).
    listed = SNSBackend.list_subscriptions_by_topic

    def list_subscriptions_by_topic(
        self: SNSBackend, topic_arn: str, next_token: str | None = None
    ) -> tuple[list[Any], Any]:
        subscriptions, token = listed(self, topic_arn, next_token)
        return [_as_shown(one) for one in subscriptions], token

    SNSBackend.list_subscriptions_by_topic = list_subscriptions_by_topic


def _as_shown(subscription: Subscription) -> Subscription:
    if not subscription.protocol.startswith("email") or subscription.confirmed:
        return subscription
    shown = copy.copy(subscription)
    shown.arn = "PendingConfirmation"
    return shown


def apply() -> None:
    _mend_pending_subscriptions()
    _mend_signing_key()
    _mend_publish()
    _mend_function_subscriptions()
