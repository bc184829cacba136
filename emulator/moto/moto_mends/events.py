"""EventBridge: rules that match as on AWS and reach functions, machines, queues and topics.

POST /moto-api/mends/schedule with ``{"rule": …}`` sends the event of a scheduled rule to its
targets: no rule fires by itself.
"""

import datetime
import json
import logging
import os
import re
import threading
import urllib.request
import uuid
from typing import Any
from urllib.parse import quote

from jsonpath_ng.ext import parse as parse_path
from moto.core.exceptions import JsonRESTError
from moto.events import models
from moto.events.exceptions import InvalidEventPatternException
from moto.events.models import EventPattern, EventsBackend, Rule
from moto.events.responses import EventsHandler
from moto.moto_api._internal import urls
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from . import event_pattern
from .event_pattern import PatternError

ENVELOPE = (
    "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
)  # fmt: skip
# Targets are served a moment after PutEvents has answered, as on AWS.
DELIVERY_DELAY_SECONDS = 0.02
INVOKE_TIMEOUT_SECONDS = 900


def _mend_patterns() -> None:
    # moto takes unknown operators, which then match everything, and does not look into arrays of
    # objects; AWS refuses the former and matches in the latter.
    def load(cls: type[EventPattern], raw_pattern: str | None) -> EventPattern:
        if not raw_pattern:
            return cls(raw_pattern, {})
        if len(raw_pattern) > event_pattern.LONGEST_PATTERN:
            raise JsonRESTError(
                "LimitExceededException", "The requested resource exceeds the maximum allowed size."
            )
        try:
            return cls(raw_pattern, event_pattern.check(raw_pattern))
        except PatternError as error:
            raise InvalidEventPatternException(reason=str(error)) from error

    def matches_event(self: EventPattern, event: Any) -> bool:
        return event_pattern.matches(_envelope(event), self.get_pattern())

    EventPattern.load = classmethod(load)
    EventPattern.matches_event = matches_event


def _mend_test_event_pattern() -> None:
    # moto answers TestEventPattern with nothing.
    def test_event_pattern(self: EventsHandler) -> str:
        pattern = EventPattern.load(self._get_param("EventPattern"))
        event = json.loads(self._get_param("Event"))
        return json.dumps({"Result": pattern.matches_event(event)})

    EventsHandler.test_event_pattern = test_event_pattern


def _iso_time(time: Any) -> Any:
    if isinstance(time, (int, float)):
        moment = datetime.datetime.fromtimestamp(time, tz=datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return time


def _envelope(event: Any) -> dict[str, Any]:
    known = {key: event[key] for key in ENVELOPE if key in event}
    return {**known, "time": _iso_time(known["time"])} if "time" in known else known


def _at(path: str, event: dict[str, Any]) -> Any:
    found = parse_path(path).find(event)
    return found[0].value if found else None


def _transformed(transformer: dict[str, Any], event: dict[str, Any]) -> str:
    template: str = transformer["InputTemplate"]
    values = {name: _at(path, event) for name, path in transformer.get("InputPathsMap", {}).items()}
    values["aws.events.event.json"] = event
    values["aws.events.event"] = {k: v for k, v in event.items() if k != "detail"}
    values["aws.events.event.ingestion-time"] = event.get("time")

    def replace(match: re.Match[str]) -> str:
        name = match.group("name")
        if name not in values:
            return match.group(0)
        value = values[name]
        # Inside the quotes of the template a value is bare text, outside of them it is JSON.
        quoted = len(re.findall(r'(?<!\\)"', template[: match.start()])) % 2 == 1
        if quoted:
            return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]
        return "" if value is None else json.dumps(value)

    return re.sub(r"<(?P<name>[\w.-]+)>", replace, template)


def _input_for(target: dict[str, Any], event: dict[str, Any]) -> str:
    if "Input" in target:
        return str(target["Input"])
    if "InputTransformer" in target:
        return _transformed(target["InputTransformer"], event)
    return json.dumps(_at(target["InputPath"], event) if "InputPath" in target else event)


def _invoke_function(arn: str, payload: str) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ['MOTO_PORT']}/2015-03-31/functions/{quote(arn, safe='')}"
        "/invocations",
        data=payload.encode(),
        headers={"Content-Type": "application/json", "X-Amz-Invocation-Type": "Event"},
    )
    with urllib.request.urlopen(request, timeout=INVOKE_TIMEOUT_SECONDS):
        pass


def _start_execution(arn: str, payload: str, event_id: str) -> None:
    _, _, _, region, account = arn.split(":")[:5]
    backend = stepfunctions_parser_backends[account][region]
    backend.start_execution(arn, f"{event_id}_{uuid.uuid4()}", payload)


def _send_to_queue(arn: str, payload: str, target: dict[str, Any]) -> None:
    from moto.sqs import sqs_backends

    _, _, _, region, account, name = arn.split(":")
    sqs_backends[account][region].send_message(
        queue_name=name,
        message_body=payload,
        group_id=target.get("SqsParameters", {}).get("MessageGroupId"),
    )


def _publish(arn: str, payload: str) -> None:
    from moto.sns import sns_backends

    _, _, _, region, account, _ = arn.split(":")
    # A transformed input that is one JSON string reaches the subscribers as its text.
    text = payload
    if payload.startswith('"'):
        text = "\n".join(json.loads(line) for line in payload.splitlines() if line.strip())
    sns_backends[account][region].publish(message=text, arn=arn)


def _deliver(target: dict[str, Any], event: dict[str, Any]) -> None:
    arn = target["Arn"]
    payload = _input_for(target, event)
    match arn.split(":")[2]:
        case "lambda":
            _invoke_function(arn, payload)
        case "states":
            _start_execution(arn, payload, event["id"])
        case "sqs":
            _send_to_queue(arn, payload, target)
        case "sns":
            _publish(arn, payload)


DELIVERED_HERE = {"lambda", "states", "sqs", "sns"}


def _deliver_later(target: dict[str, Any], event: dict[str, Any]) -> None:
    def deliver() -> None:
        try:
            _deliver(target, event)
        except Exception:
            # AWS retries for a day and then drops the event; nobody waits for the outcome.
            logging.getLogger(__name__).exception("An event did not reach %s", target["Arn"])

    timer = threading.Timer(DELIVERY_DELAY_SECONDS, deliver)
    timer.daemon = True
    timer.start()


def _mend_targets() -> None:
    # moto fails PutEvents for functions and state machines, drops `account` from the event, and
    # fires disabled rules.
    send = Rule.send_to_targets

    def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        if self.state == "DISABLED" or not self.event_pattern.get_pattern():
            return
        if not self.event_pattern.matches_event(original_event):
            return
        others = []
        for target in self.targets:
            if target["Arn"].split(":")[2] in DELIVERED_HERE:
                # A queue is filled before PutEvents answers, so that a test can look at once.
                now = target["Arn"].split(":")[2] == "sqs"
                (_deliver if now else _deliver_later)(target, _envelope(original_event))
            else:
                others.append(target)
        if others:
            rest = Rule.__new__(Rule)
            rest.__dict__.update(self.__dict__, targets=others)
            send(rest, original_event, transform_input)

    Rule.send_to_targets = send_to_targets


def _scheduled_event(rule: Rule) -> dict[str, Any]:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": datetime.datetime.now(tz=datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }


def _add_schedules() -> None:
    def fire(request: Any, _full_url: str, _headers: Any) -> tuple[int, Any, str]:
        name = json.loads(request.get_data(as_text=True)).get("rule")
        for _, _, backend in models.events_backends.iter_backends():
            for bus in backend.event_buses.values():
                rule = bus.rules.get(name)
                if rule is not None and rule.scheduled_expression:
                    if rule.state != "DISABLED":
                        for target in rule.targets:
                            _deliver_later(target, _scheduled_event(rule))
                    return 200, {}, "{}"
        return 404, {}, json.dumps({"noScheduledRule": name})

    urls.url_paths["{0}/moto-api/mends/schedule"] = fire


STATUS_EVENT = "Step Functions Execution Status Change"


def _status_event(execution: Any) -> dict[str, Any]:
    def milliseconds(moment: Any) -> int | None:
        return None if moment is None else int(moment.timestamp() * 1000)

    succeeded = execution.exec_status == ExecutionStatus.SUCCEEDED
    detail = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": milliseconds(execution.start_date),
        "stopDate": milliseconds(execution.stop_date),
        "input": execution.execution_input,
        "output": json.dumps(execution.output) if succeeded else None,
        "inputDetails": {"included": True},
        "outputDetails": {"included": True} if succeeded else None,
        "error": execution.error,
        "cause": execution.cause,
    }
    return {
        "Source": "aws.states",
        "DetailType": STATUS_EVENT,
        "Detail": json.dumps(detail),
        "Resources": [execution.exec_arn],
    }


def _mend_execution_events() -> None:
    # moto tells nobody how an execution ended; AWS puts it on the default bus.
    terminated = BaseExecutionWorkerCommunication.terminated

    def terminated_with_event(self: BaseExecutionWorkerCommunication) -> None:
        terminated(self)
        execution = self.execution
        backend: EventsBackend = models.events_backends[execution.account_id][execution.region_name]
        backend.put_events([_status_event(execution)])

    BaseExecutionWorkerCommunication.terminated = terminated_with_event


def apply() -> None:
    _mend_patterns()
    _mend_test_event_pattern()
    _mend_targets()
    _add_schedules()
    _mend_execution_events()
