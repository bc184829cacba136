"""EC2: attaching interfaces to instances and detaching them, where AWS refuses it.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network-interface-attachments.html
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError, LastEniDetachError
from moto.ec2.models import EC2Backend


def apply() -> None:
    # moto attaches an interface twice, puts it in the place of another one, attaches to what is
    # terminated, and detaches the primary interface.
    attach = EC2Backend.attach_network_interface
    detach = EC2Backend.detach_network_interface

    def attach_network_interface(
        self: EC2Backend, eni_id: str, instance_id: str, device_index: int
    ) -> Any:
        eni = self.get_network_interface(eni_id)
        instance = self.get_instance(instance_id)
        if instance.state not in ("running", "stopped"):
            raise EC2ClientError(
                "IncorrectState",
                f"The instance '{instance_id}' is not in a valid state for this operation.",
            )
        if eni.attachment_id is not None:
            raise EC2ClientError("InvalidNetworkInterface.InUse", f"Interface: [{eni_id}] in use.")
        if int(device_index) in instance.nics:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Instance '{instance_id}' already has an interface attached at device index "
                f"'{device_index}'.",
            )
        return attach(self, eni_id, instance_id, device_index)

    def detach_network_interface(self: EC2Backend, attachment_id: str) -> None:
        for eni in self.enis.values():
            if eni.attachment_id == attachment_id and eni.device_index == 0:
                raise LastEniDetachError
        detach(self, attachment_id)

    EC2Backend.attach_network_interface = attach_network_interface
    EC2Backend.detach_network_interface = detach_network_interface
