"""CloudWatch alarms: those of a stack exist, and a change of state reaches EventBridge."""

import json
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.custom_model import CustomModel
from moto.cloudwatch.models import (
    Alarm,
    CloudWatchBackend,
    Dimension,
    Metric,
    MetricDataQuery,
    MetricStat,
    cloudwatch_backends,
)
from moto.events.models import events_backends

STATE_EVENT = "CloudWatch Alarm State Change"


def _query(entry: dict[str, Any]) -> MetricDataQuery:
    stat = entry.get("MetricStat")
    metric = stat["Metric"] if stat else None
    return MetricDataQuery(
        query_id=entry["Id"],
        label=entry.get("Label"),
        period=entry.get("Period"),
        return_data=entry.get("ReturnData", True),
        expression=entry.get("Expression"),
        metric_stat=stat
        and MetricStat(
            metric=Metric(
                metric_name=metric["MetricName"],
                namespace=metric["Namespace"],
                dimensions=[
                    Dimension(one["Name"], one["Value"]) for one in metric.get("Dimensions", [])
                ],
            ),
            period=stat["Period"],
            stat=stat["Stat"],
            unit=stat.get("Unit"),
        ),
    )


class AlarmOfStack(CustomModel):
    """An alarm that CloudFormation makes of a template, as PutMetricAlarm would."""

    def __init__(self, alarm: Alarm) -> None:
        self.alarm = alarm

    @property
    def physical_resource_id(self) -> str:
        return str(self.alarm.name)

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return str(self.alarm.alarm_arn)

    def is_created(self) -> bool:
        return True

    def delete(self, *_: Any) -> None:
        """The emulator is emptied, never a stack."""

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "AlarmOfStack":
        properties = cloudformation_json["Properties"]
        backend: CloudWatchBackend = cloudwatch_backends[account_id][region_name]
        return cls(
            backend.put_metric_alarm(
                name=properties.get("AlarmName") or resource_name,
                namespace=properties.get("Namespace"),
                metric_name=properties.get("MetricName"),
                metric_data_queries=[_query(one) for one in properties.get("Metrics", [])],
                comparison_operator=properties["ComparisonOperator"],
                evaluation_periods=properties["EvaluationPeriods"],
                datapoints_to_alarm=properties.get("DatapointsToAlarm"),
                period=properties.get("Period"),
                threshold=properties.get("Threshold"),
                statistic=properties.get("Statistic"),
                description=properties.get("AlarmDescription"),
                dimensions=properties.get("Dimensions", []),
                alarm_actions=properties.get("AlarmActions") or [],
                treat_missing_data=properties.get("TreatMissingData"),
                threshold_metric_id=properties.get("ThresholdMetricId"),
            )
        )


def _mend_alarms_of_stacks() -> None:
    # moto makes no alarm of a template.
    known = parsing.resource_class_from_type

    def with_alarms(resource_type: str) -> Any:
        return AlarmOfStack if resource_type == "AWS::CloudWatch::Alarm" else known(resource_type)

    parsing.resource_class_from_type = with_alarms


def _metric(name: Any, namespace: Any, dimensions: Any) -> dict[str, Any]:
    return {
        "namespace": namespace,
        "name": name,
        "dimensions": {one.name: one.value for one in dimensions},
    }


def _metrics(alarm: Alarm) -> list[dict[str, Any]]:
    if not alarm.metric_data_queries:
        return [
            {
                "id": "m1",
                "metricStat": {
                    "metric": _metric(alarm.metric_name, alarm.namespace, alarm.dimensions),
                    "period": alarm.period,
                    "stat": alarm.statistic,
                },
                "returnData": True,
            }
        ]
    found = []
    for query in alarm.metric_data_queries:
        one: dict[str, Any] = {"id": query.id, "returnData": query.return_data}
        if query.metric_stat:
            metric = query.metric_stat.metric
            one["metricStat"] = {
                "metric": _metric(metric.metric_name, metric.namespace, metric.dimensions),
                "period": query.metric_stat.period,
                "stat": query.metric_stat.stat,
            }
        else:
            one["expression"] = query.expression
        found.append(one)
    return found


def _state(value: str, reason: str, moment: Any) -> dict[str, str]:
    return {
        "value": value,
        "reason": reason,
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    }


def _mend_state_events() -> None:
    # moto tells nobody that an alarm has changed its state; AWS puts it on the default bus:
    # docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    set_state = CloudWatchBackend.set_alarm_state

    def set_with_event(
        self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str, state_value: str
    ) -> None:
        alarm = self.alarms.get(alarm_name)
        before = alarm and _state(
            alarm.state_value, alarm.state_reason, alarm.state_updated_timestamp
        )
        set_state(self, alarm_name, reason, reason_data, state_value)
        if alarm is None or before is None or before["value"] == state_value:
            return
        detail = {
            "alarmName": alarm.name,
            "state": _state(alarm.state_value, alarm.state_reason, alarm.state_updated_timestamp),
            "previousState": before,
            "configuration": {"description": alarm.description, "metrics": _metrics(alarm)},
        }
        events_backends[self.account_id][self.region_name].put_events(
            [
                {
                    "Source": "aws.cloudwatch",
                    "DetailType": STATE_EVENT,
                    "Detail": json.dumps(detail),
                    "Resources": [alarm.alarm_arn],
                }
            ]
        )

    CloudWatchBackend.set_alarm_state = set_with_event


def apply() -> None:
    _mend_alarms_of_stacks()
    _mend_state_events()
