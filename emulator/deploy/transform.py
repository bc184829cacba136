"""Reads a SAM template as JSON from stdin and writes plain CloudFormation as JSON to stdout.

Exits 1 with the transform's own message on stderr when it refuses the template.
"""

import json
import sys

from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.public.translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform


class NoManagedPolicies(ManagedPolicyLoader):
    """Knows no managed policy by name: the template names them by ARN, and no account is asked."""

    def __init__(self) -> None:
        super().__init__(iam_client=None)

    def load(self) -> dict[str, str]:
        return {}


def main() -> int:
    template = json.load(sys.stdin)
    try:
        plain = transform(template, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        print(error.message, file=sys.stderr)
        for cause in error.causes:
            print(cause.message, file=sys.stderr)
        return 1
    json.dump(plain, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
