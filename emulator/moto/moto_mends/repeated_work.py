"""What moto does over and over with the same result: no call is answered otherwise, but sooner."""

import json
from typing import Any

import yaml
from moto.cloudformation.utils import yaml_tag_constructor
from moto.core.utils import utcnow
from moto.ec2.models import amis
from moto.settings import moto_server_port
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.parse import asl_parser

# The image of the worlds. moto brings hundreds, each with a snapshot that every list searches.
IMAGE_ID = "ami-12c6146b"


def _mend_images() -> None:
    image = next(one for one in amis.AMIS if one["ami_id"] == IMAGE_ID)

    def load_one(self: Any) -> None:
        described = json.loads(json.dumps(image))
        self.amis[IMAGE_ID] = amis.Ami(
            self, **{**described, "owner_alias": "amazon", "creation_date": utcnow()}
        )

    amis.AmiBackend._load_amis = load_one


def _mend_parsing() -> None:
    # A definition is parsed when the machine is made, twice, and for each execution.
    trees: dict[str, Any] = {}

    class RememberingParser(asl_parser.ASLParser):
        def state_machine(self) -> Any:
            text = self.getInputStream().tokenSource.inputStream.strdata
            if text in trees:
                return trees[text]
            tree = super().state_machine()
            if self.getNumberOfSyntaxErrors() == 0:
                trees[text] = tree
            return tree

    asl_parser.ASLParser = RememberingParser


def _mend_invocations() -> None:
    # A client of boto takes longer to make than a function of Cordon's to answer.
    make = lambda_eval_utils.boto_client_for
    clients: dict[tuple[str, str, Any], Any] = {}

    def kept(region: str, service: str, state_credentials: Any = None) -> Any:
        key = (region, service, moto_server_port())
        if key not in clients:
            clients[key] = make(region=region, service=service, state_credentials=state_credentials)
        return clients[key]

    lambda_eval_utils.boto_client_for = kept


def _mend_templates() -> None:
    # The parser in C reads the same language.
    if yaml.__with_libyaml__:
        yaml.add_multi_constructor("", yaml_tag_constructor, Loader=yaml.CLoader)
        yaml.Loader = yaml.CLoader


def apply() -> None:
    _mend_images()
    _mend_parsing()
    _mend_invocations()
    _mend_templates()
