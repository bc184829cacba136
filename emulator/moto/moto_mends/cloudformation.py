"""CloudFormation, and what it makes of IAM roles and functions."""

import json
import re
from typing import Any

from moto.awslambda import models as lambda_models
from moto.awslambda_simple.models import lambda_simple_backends
from moto.cloudformation import custom_model, parsing
from moto.cloudformation.custom_model import CustomModel
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.iam.models import Role, iam_backends


class UnknownResource(CustomModel):
    """A resource of a type that moto cannot make: it has an id and attributes, and does nothing."""

    def __init__(self, name: str, resource_type: str, account_id: str, region: str) -> None:
        self.name = name
        self.resource_type = resource_type
        self.account_id = account_id
        self.region = region

    @property
    def physical_resource_id(self) -> str:
        return self.name

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        if attribute_name.endswith("Arn"):
            service = self.resource_type.split("::")[1].lower()
            return f"arn:aws:{service}:{self.region}:{self.account_id}:{self.physical_resource_id}"
        return f"{self.physical_resource_id}-{attribute_name}"

    def is_created(self) -> bool:
        return True

    def delete(self, *_: Any) -> None:
        """Nothing was made, nothing has to go."""

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "UnknownResource":
        return cls(resource_name, cloudformation_json["Type"], account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: "UnknownResource", **_: Any
    ) -> "UnknownResource":
        return original_resource


def _mend_unknown_types() -> None:
    # moto skips resources of types it does not know, and then fails where one is referred to.
    known = parsing.resource_class_from_type

    def known_or_placeholder(resource_type: str) -> Any:
        return known(resource_type) or UnknownResource

    parsing.resource_class_from_type = known_or_placeholder


def _mend_intrinsics() -> None:
    # moto leaves an AWS::NoValue in a list as null, does not split the short GetAtt `A.B`,
    # and splits the `A.B.C` of a Sub into three.
    clean = parsing.clean_json

    def clean_json(resource_json: Any, resources_map: Any) -> Any:
        if isinstance(resource_json, dict) and isinstance(resource_json.get("Fn::GetAtt"), str):
            resource_json = {"Fn::GetAtt": resource_json["Fn::GetAtt"].split(".", 1)}
        if isinstance(resource_json, dict) and len(resource_json.get("Fn::GetAtt", ())) > 2:
            name, *attribute = resource_json["Fn::GetAtt"]
            resource_json = {"Fn::GetAtt": [name, ".".join(attribute)]}
        result = clean(resource_json, resources_map)
        if isinstance(resource_json, list):
            return [item for item in result if item is not None]
        return result

    parsing.clean_json = clean_json


def _mend_nested_outputs() -> None:
    # moto gives a nested stack no attributes:
    # docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    def get_cfn_attribute(self: Stack, attribute_name: str) -> Any:
        kind, _, name = attribute_name.partition(".")
        outputs = {output.key: output.value for output in self.output_map.values() if output}
        if kind != "Outputs" or name not in outputs:
            raise ValidationError(
                message=f"Template error: the nested stack has no attribute {attribute_name}"
            )
        return outputs[name]

    Stack.get_cfn_attribute = get_cfn_attribute
    Stack.has_cfn_attr = classmethod(lambda _, attr: attr.startswith("Outputs."))


def _check_parameter(name: str, declared: dict[str, Any], value: str) -> None:
    allowed = [str(each) for each in declared.get("AllowedValues", [])]
    pattern = declared.get("AllowedPattern")
    length = len(value)
    refused = (
        (allowed and value not in allowed)
        or (pattern is not None and re.fullmatch(pattern, value) is None)
        or length < int(declared.get("MinLength", 0))
        or length > int(declared.get("MaxLength", length))
    )
    if declared.get("Type") == "Number":
        try:
            number = float(value)
        except ValueError as error:
            raise ValidationError(message=f"Parameter '{name}' must be a number") from error
        refused = (
            refused
            or number < float(declared.get("MinValue", number))
            or number > float(declared.get("MaxValue", number))
        )
    if refused:
        said = declared.get("ConstraintDescription", "failed to satisfy its constraint")
        raise ValidationError(message=f"Parameter {name} {said}")


def _mend_parameters() -> None:
    # moto takes values that the template does not allow, and parameters that it does not have, and
    # leaves the default of a list one text.
    load = parsing.ResourceMap.load_parameters

    def load_checked(self: parsing.ResourceMap) -> None:
        declared = self._template.get("Parameters", {})
        unknown = sorted(set(self.input_parameters) - set(declared))
        if unknown:
            raise ValidationError(
                message=f"Parameters: [{', '.join(unknown)}] do not exist in the template"
            )
        for name, declaration in declared.items():
            value = self.input_parameters.get(name, declaration.get("Default"))
            if value is not None:
                for each in str(value).split(",") if _is_list(declaration) else [str(value)]:
                    _check_parameter(name, declaration, each)
        load(self)
        for name, declaration in declared.items():
            value = self.resolved_parameters[name]
            if isinstance(value, str) and _is_list(declaration):
                self.resolved_parameters[name] = value.split(",")
        self._parsed_resources.update(self.resolved_parameters)

    parsing.ResourceMap.load_parameters = load_checked


def _is_list(declaration: dict[str, Any]) -> bool:
    kind = declaration.get("Type", "String")
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mend_conditions() -> None:
    # moto tells the value of a Number parameter from the same number as text; AWS compares text:
    # docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    decide = parsing.parse_condition

    def parse_condition(condition: Any, resources_map: Any, condition_map: Any) -> bool:
        if isinstance(condition, dict) and "Fn::Equals" in condition:
            left, right = (
                parsing.clean_json(value, resources_map) for value in condition["Fn::Equals"]
            )
            return left == right or _text(left) == _text(right)
        return decide(condition, resources_map, condition_map)

    parsing.parse_condition = parse_condition


def _mend_role_policies() -> None:
    # moto stores an inline policy of a template as the repr of a Python dict; AWS as JSON.
    put_policy = Role.put_policy

    def put_json(self: Role, policy_name: str, policy_json: Any) -> None:
        text = policy_json if isinstance(policy_json, str) else json.dumps(policy_json)
        put_policy(self, policy_name, text)

    Role.put_policy = put_json


def _mend_attached_policies() -> None:
    # moto attaches none of the managed policies that a role of a template names
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html).
    create = Role.create_from_cloudformation_json.__func__

    def create_with_policies(
        cls: type[Role], resource_name: str, cloudformation_json: Any, *args: Any, **kwargs: Any
    ) -> Role:
        role = create(cls, resource_name, cloudformation_json, *args, **kwargs)
        for arn in cloudformation_json["Properties"].get("ManagedPolicyArns", []):
            # Of AWS's own policies the account knows none that is not loaded.
            if not arn.split(":")[4] == "aws":
                iam_backends[role.account_id][role.partition].attach_role_policy(arn, role.name)
        return role

    Role.create_from_cloudformation_json = classmethod(create_with_policies)


def _mend_functions_of_stacks() -> None:
    # moto's CloudFormation makes functions in the backend that needs docker, whatever the config.
    lambda_models.lambda_backends = lambda_simple_backends
    custom_model.lambda_backends = lambda_simple_backends


def apply() -> None:
    _mend_unknown_types()
    _mend_intrinsics()
    _mend_nested_outputs()
    _mend_parameters()
    _mend_conditions()
    _mend_role_policies()
    _mend_attached_policies()
    _mend_functions_of_stacks()
