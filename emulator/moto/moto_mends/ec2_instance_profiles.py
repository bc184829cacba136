"""EC2: instance profiles and their associations with instances."""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, iam_instance_profile
from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociation
from moto.ec2.responses import instances
from moto.ec2.utils import random_iam_instance_profile_association_id
from moto.iam.exceptions import NotFoundException


def _show_on_instance(association: IamInstanceProfileAssociation) -> None:
    profile = association.iam_instance_profile
    association.instance.iam_instance_profile = {"Arn": profile.arn, "Id": profile.id}


def _mend_ids() -> None:
    # moto gives the id of the association for that of the profile in DescribeInstances.
    create = IamInstanceProfileAssociation.__init__

    def create_and_show(self: IamInstanceProfileAssociation, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        _show_on_instance(self)

    IamInstanceProfileAssociation.__init__ = create_and_show


def _mend_unknown_profiles() -> None:
    # moto answers an error of IAM for a profile that does not exist.
    find = iam_instance_profile.filter_iam_instance_profiles

    def find_or_refuse(*args: Any, **kwargs: Any) -> Any:
        try:
            return find(*args, **kwargs)
        except NotFoundException as error:
            arn = kwargs.get("iam_instance_profile_arn")
            name = kwargs.get("iam_instance_profile_name")
            kind, value = ("arn", arn) if arn else ("name", name)
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ({value}) for parameter iamInstanceProfile.{kind} is invalid. "
                f"Invalid IAM Instance Profile {'ARN' if arn else 'name'}",
            ) from error

    iam_instance_profile.filter_iam_instance_profiles = find_or_refuse
    instances.filter_iam_instance_profiles = find_or_refuse


def _mend_replacement() -> None:
    # moto goes on showing the replaced profile on the instance, and keeps the association's id.
    replace = EC2Backend.replace_iam_instance_profile_association

    def replace_and_show(
        self: EC2Backend, *args: Any, **kwargs: Any
    ) -> IamInstanceProfileAssociation:
        association = replace(self, *args, **kwargs)
        association.association_id = random_iam_instance_profile_association_id()
        _show_on_instance(association)
        return association

    EC2Backend.replace_iam_instance_profile_association = replace_and_show


def apply() -> None:
    _mend_ids()
    _mend_unknown_profiles()
    _mend_replacement()
