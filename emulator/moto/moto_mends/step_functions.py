"""Step Functions: the execution engine where it breaks, and the names that AWS refuses."""

import copy
import datetime
import json
import re
import threading
import time
import uuid
from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions import models, responses
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser import models as parser_models
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

# Whitespace, brackets, wildcards, special and control characters, as the API reference lists them.
FORBIDDEN_IN_NAMES = re.compile(r'[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]')
LONGEST_NAME = 80


class InvalidName(AWSError):
    TYPE = "InvalidName"
    STATUS = 400


def iso_milliseconds(moment: datetime.datetime) -> str:
    """A moment as AWS writes it in the context object: 2026-01-31T12:00:00.123Z."""
    utc = moment.astimezone(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def _mend_second_execution() -> None:
    # moto copies the machine deeply for each execution, which fails (`cannot pickle RLock`) once
    # one execution exists; the copy only has to keep the definition and role as they were.
    StateMachine.__deepcopy__ = lambda self, _memo: copy.copy(self)


def _mend_times() -> None:
    # moto puts a datetime into the context object, which breaks DescribeExecution when it gets
    # into an output; AWS has an ISO 8601 string in UTC with milliseconds.
    details = Execution.get_start_execution_details

    def with_text(self: Execution) -> Any:
        result = details(self)
        result.start_time = iso_milliseconds(self.start_date)
        return result

    Execution.get_start_execution_details = with_text

    class StateData(dict[str, Any]):
        def __init__(self, EnteredTime: str, **rest: Any) -> None:
            entered = datetime.datetime.fromisoformat(EnteredTime)
            super().__init__(EnteredTime=iso_milliseconds(entered), **rest)

    state.StateData = StateData


def _mend_execution_names() -> None:
    # moto names an execution without a name "None" and takes every name; AWS makes up a UUID and
    # answers InvalidName. The lock makes two simultaneous starts of one name one execution.
    start = StepFunctionsParserBackend.start_execution
    lock = threading.Lock()

    def start_named(
        self: StepFunctionsParserBackend,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Execution:
        if name is None:
            name = str(uuid.uuid4())
        elif not 1 <= len(name) <= LONGEST_NAME or FORBIDDEN_IN_NAMES.search(name):
            raise InvalidName(f"Invalid Name: '{name}'")
        with lock:
            return start(self, state_machine_arn, name, execution_input, trace_header)

    StepFunctionsParserBackend.start_execution = start_named


def _mend_machines_of_stacks() -> None:
    # moto's CloudFormation makes machines in the backend that does not execute them.
    models.stepfunctions_backends = parser_models.stepfunctions_parser_backends
    responses.stepfunctions_backends = parser_models.stepfunctions_parser_backends


def _with_substitutions(properties: dict[str, Any]) -> dict[str, Any]:
    definition = properties.get("DefinitionString", properties.get("Definition", ""))
    if not isinstance(definition, str):
        definition = json.dumps(definition)
    for name, value in properties.get("DefinitionSubstitutions", {}).items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        # The value lands inside a JSON string, so what JSON escapes is escaped.
        definition = definition.replace(f"${{{name}}}", json.dumps(text)[1:-1])
    return {**properties, "DefinitionString": definition}


def _mend_definition_substitutions() -> None:
    # moto ignores DefinitionSubstitutions and Definition; CloudFormation applies them.
    def substituting(original: Any) -> Any:
        def apply_first(cls: type, *args: Any, **kwargs: Any) -> Any:
            args = tuple(
                {**arg, "Properties": _with_substitutions(arg["Properties"])}
                if isinstance(arg, dict) and "Properties" in arg
                else arg
                for arg in args
            )
            if "cloudformation_json" in kwargs:
                resource = kwargs["cloudformation_json"]
                properties = _with_substitutions(resource["Properties"])
                kwargs["cloudformation_json"] = {**resource, "Properties": properties}
            return original.__func__(cls, *args, **kwargs)

        return classmethod(apply_first)

    StateMachine.create_from_cloudformation_json = substituting(
        StateMachine.create_from_cloudformation_json
    )
    StateMachine.update_from_cloudformation_json = substituting(
        StateMachine.update_from_cloudformation_json
    )


# How long moto may take to parse a definition, in seconds.
LONGEST_START = 30


def _mend_stop() -> None:
    # moto fails to stop an execution whose definition it is still parsing.
    stop = ExecutionWorker.stop

    def stop_when_started(self: ExecutionWorker, *args: Any, **kwargs: Any) -> None:
        deadline = time.monotonic() + LONGEST_START
        while self.env is None and time.monotonic() < deadline:
            time.sleep(0.01)
        stop(self, *args, **kwargs)

    ExecutionWorker.stop = stop_when_started


def _mend_nested_executions() -> None:
    # A task that starts an execution names its parameters and its result as the API does, with a
    # capital (https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html); moto
    # hands them to a client whose names begin with a small letter, and fails.
    evaluate = StateTaskServiceSfn._eval_service_task

    def with_names(
        self: StateTaskServiceSfn, env: Any, normalised_parameters: dict[str, Any], **rest: Any
    ) -> None:
        small = {key[0].lower() + key[1:]: value for key, value in normalised_parameters.items()}
        evaluate(self, env=env, normalised_parameters=small, **rest)
        answer = env.stack.pop()
        env.stack.append(
            {
                key[0].upper() + key[1:]: iso_milliseconds(value)
                if isinstance(value, datetime.datetime)
                else value
                for key, value in answer.items()
            }
        )

    StateTaskServiceSfn._eval_service_task = with_names


def _mend_reset() -> None:
    # moto forgets running executions at a reset but lets them run on; here they are stopped.
    reset = StepFunctionsParserBackend.reset

    def stop_first(self: StepFunctionsParserBackend) -> None:
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        for execution in self._get_executions(ExecutionStatus.RUNNING):
            execution.stop(stop_date=now, error=None, cause="reset")
        reset(self)

    StepFunctionsParserBackend.reset = stop_first


def apply() -> None:
    _mend_second_execution()
    _mend_times()
    _mend_execution_names()
    _mend_machines_of_stacks()
    _mend_definition_substitutions()
    _mend_stop()
    _mend_nested_executions()
    _mend_reset()
