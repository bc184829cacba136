"""CIDR blocks as EC2 keeps them."""

import ipaddress

from moto.ec2.exceptions import EC2ClientError


def canonical(block: str) -> str:
    """The block in its canonical form, as `100.68.0.0/18` for `100.68.0.18/18`."""
    try:
        return str(ipaddress.ip_network(block, strict=False))
    except ValueError as error:
        raise EC2ClientError("InvalidParameterValue", f"CIDR block {block} is malformed") from error
