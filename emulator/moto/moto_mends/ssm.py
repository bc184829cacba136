"""Systems Manager: which instances it manages, what documents say, and what becomes of commands.

A host is whatever a test says it is, by POST /moto-api/mends/hosts; what its agent makes of a command
comes by POST /moto-api/mends/invocation. POST /moto-api/mends/command tells what is to be run.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import urls
from moto.moto_api._internal.models import MotoAPIBackend
from moto.ssm.exceptions import InvalidDocument, SSMException
from moto.ssm.models import Command, Document, SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html
MOST_OUTPUT = 24_000
MOST_ERRORS = 8_000

# By instance: platform, whether its agent answers, and the version of that.
_hosts: dict[str, dict[str, Any]] = {}
# By command: what is to be run, and for each instance how it stands there.
_commands: dict[str, dict[str, Any]] = {}


def _describe(instance: Any, host: dict[str, Any]) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "PingStatus": "Online" if host["online"] else "ConnectionLost",
        "LastPingDateTime": instance.launch_time.timestamp(),
        "AgentVersion": host["version"],
        "IsLatestVersion": True,
        "PlatformType": host["platform"],
        "ResourceType": "EC2Instance",
        "IPAddress": instance.private_ip_address,
    }


def _wanted_ids(response: SimpleSystemManagerResponse) -> set[str] | None:
    filters = response._get_param("Filters") or []
    older = response._get_param("InstanceInformationFilterList") or []
    for each in [
        *((item["Key"], item["Values"]) for item in filters),
        *((item["key"], item["valueSet"]) for item in older),
    ]:
        if each[0] == "InstanceIds":
            return set(each[1])
    return None


def _mend_instance_information() -> None:
    # moto has no DescribeInstanceInformation.
    def describe_instance_information(self: SimpleSystemManagerResponse) -> str:
        wanted = _wanted_ids(self)
        managed = [
            _describe(instance, _hosts[instance.id])
            for instance in ec2_backends[self.current_account][self.region].all_running_instances()
            if instance.id in _hosts and (wanted is None or instance.id in wanted)
        ]
        return json.dumps({"InstanceInformationList": managed})

    SimpleSystemManagerResponse.describe_instance_information = describe_instance_information


def _mend_documents_of_stacks() -> None:
    # moto keeps the content that a template has as an object as a Python dict, and then has no hash.
    create = Document.create_from_cloudformation_json.__func__

    def create_with_text(cls: Any, resource_name: str, cloudformation_json: Any, *rest: Any, **named: Any) -> Any:
        properties = dict(cloudformation_json["Properties"])
        if not isinstance(properties.get("Content"), str):
            properties["Content"] = json.dumps(properties.get("Content"))
        properties.setdefault("DocumentFormat", "JSON")
        changed = {**cloudformation_json, "Properties": properties}
        return create(cls, resource_name, changed, *rest, **named)

    Document.create_from_cloudformation_json = classmethod(create_with_text)


def _check_parameters(document: Document, given: dict[str, list[str]]) -> None:
    declared = document.content_json.get("parameters") or {}
    for name in given:
        if name not in declared:
            raise SSMException("InvalidParameters", f"The document has no parameter {name}")
    for name, declaration in declared.items():
        if name not in given and "default" not in declaration:
            raise SSMException("InvalidParameters", f"Parameter {name} is missing")
        for value in given.get(name, []):
            allowed = declaration.get("allowedValues")
            pattern = declaration.get("allowedPattern")
            if (allowed is not None and value not in allowed) or (
                pattern is not None and re.search(pattern, value) is None
            ):
                raise SSMException("InvalidParameters", f"Parameter {name} does not accept {value}")


def _check_order(response: SimpleSystemManagerResponse, document: Document) -> None:
    digest = response._get_param("DocumentHash")
    if digest is not None and digest != document.hash:
        raise InvalidDocument("The document's hash is another one")
    timeout = response._get_param("TimeoutSeconds")
    if timeout is not None and not 30 <= int(timeout) <= 2_592_000:
        raise SSMException("ValidationException", "TimeoutSeconds is between 30 and 2592000")
    if len(response._get_param("Comment") or "") > 100:
        raise SSMException("ValidationException", "Comment has at most 100 characters")
    _check_parameters(document, response._get_param("Parameters") or {})
    for instance_id in response._get_param("InstanceIds") or []:
        if not _hosts.get(instance_id, {}).get("online", False):
            raise SSMException("InvalidInstanceId", f"Instances [[{instance_id}]] not in a valid state for account")


def _mend_sending() -> None:
    # moto takes any document and instance, and has run everything at once.
    send = SimpleSystemManagerResponse.send_command

    def send_checked(self: SimpleSystemManagerResponse) -> Any:
        name = self._get_param("DocumentName")
        document = self.ssm_backend._get_documents(name).find(
            self._get_param("DocumentVersion"), None
        )
        _check_order(self, document)
        result = send(self)
        _commands[self.ssm_backend._commands[-1].command_id] = {
            "documentName": name,
            "content": document.content_json,
            "parameters": self._get_param("Parameters") or {},
            "instanceIds": list(self._get_param("InstanceIds") or []),
            "standing": {},
            "asked": set(),
        }
        return result

    SimpleSystemManagerResponse.send_command = send_checked

    respond = Command.response_object

    def pending(self: Command) -> dict[str, Any]:
        return {**respond(self), "Status": "Pending", "StatusDetails": "Pending", "CompletedCount": 0}

    Command.response_object = pending


def _step_of(standing: dict[str, Any], steps: list[str], plugin: str | None) -> dict[str, Any]:
    if plugin is None and len(steps) == 1:
        plugin = steps[0]
    if plugin is None:
        return {}
    if plugin not in steps:
        raise SSMException("InvalidPluginName", f"The document has no step {plugin}")
    return next((one for one in standing.get("steps", []) if one["step"] == plugin), {})


def _mend_invocations() -> None:
    def invocation(
        self: SimpleSystemManagerBackend, command_id: str, instance_id: str, plugin_name: str | None
    ) -> dict[str, Any]:
        command = _commands.get(command_id)
        if command is None or instance_id not in command["instanceIds"]:
            raise SSMException("InvocationDoesNotExist", "")
        # AWS may not know a command yet when it is asked for it right after it was sent.
        if instance_id not in command["asked"]:
            command["asked"].add(instance_id)
            raise SSMException("InvocationDoesNotExist", "")
        standing = command["standing"].get(instance_id, {"status": "Pending", "details": "Pending"})
        steps = [one["name"] for one in command["content"].get("mainSteps", [])]
        step = _step_of(standing, steps, plugin_name)
        return {
            "CommandId": command_id,
            "InstanceId": instance_id,
            "DocumentName": command["documentName"],
            "PluginName": plugin_name or "",
            "ResponseCode": step.get("exitCode", -1),
            "Status": step.get("status", standing["status"]),
            "StatusDetails": step.get("status", standing["details"]),
            "StandardOutputContent": step.get("stdout", "")[:MOST_OUTPUT],
            "StandardErrorContent": step.get("stderr", "")[:MOST_ERRORS],
        }

    SimpleSystemManagerBackend.get_command_invocation = invocation


Answer = tuple[int, Any, str]


def _told(change: Callable[[dict[str, Any]], Any]) -> Callable[..., Answer]:
    def answer(request: Any, _full_url: str, _headers: Any) -> Answer:
        return 200, {}, json.dumps(change(json.loads(request.get_data(as_text=True))))

    return answer


def _host(told: dict[str, Any]) -> dict[str, Any]:
    instance_id = told.pop("instanceId")
    if told.get("gone"):
        _hosts.pop(instance_id, None)
    else:
        _hosts[instance_id] = told
    return {}


def _command(told: dict[str, Any]) -> dict[str, Any]:
    command = _commands[told["commandId"]]
    return {name: command[name] for name in ("documentName", "content", "parameters", "instanceIds")}


def _invocation(told: dict[str, Any]) -> dict[str, Any]:
    # A reset may have come meanwhile.
    if told["commandId"] in _commands:
        _commands[told["commandId"]]["standing"][told["instanceId"]] = told
    return {}


def apply() -> None:
    _mend_instance_information()
    _mend_documents_of_stacks()
    _mend_sending()
    _mend_invocations()
    urls.url_paths["{0}/moto-api/mends/hosts"] = _told(_host)
    urls.url_paths["{0}/moto-api/mends/command"] = _told(_command)
    urls.url_paths["{0}/moto-api/mends/invocation"] = _told(_invocation)

    reset = MotoAPIBackend.reset

    def reset_with_hosts(self: MotoAPIBackend) -> None:
        _hosts.clear()
        _commands.clear()
        reset(self)

    MotoAPIBackend.reset = reset_with_hosts
