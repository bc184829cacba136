import { describe, expect, it, vi } from 'vitest';
import {
  emitArrival,
  emitCaseMetrics,
  emitDriftMetrics,
  emitNotificationRefused,
} from '../../src/lambda/metrics.ts';
import { reportWith } from '../case/sample-report.ts';
import type { Statement } from './policy.ts';
import { statementsOf } from './policy.ts';
import { at, list, nestedIn, resource, resourcesOfType, template, transform } from './stack.ts';

/** The rules that SAM makes of the events of functions are in it too. */
const stack = await transform();

const nested = nestedIn('Alarms');

const propertiesOf = (logicalId: string) => resource(template, logicalId).Properties;

const keyPolicy = statementsOf(template, propertiesOf('NotificationKey').KeyPolicy);
const topicPolicy = statementsOf(template, propertiesOf('NotificationTopicPolicy').PolicyDocument);
const queuePolicy = statementsOf(stack, propertiesOf('DeadLetterQueuePolicy').PolicyDocument);

/** The statements that let a service in. */
const letting = (policy: readonly Statement[], service: string): readonly Statement[] =>
  policy.filter(({ effect, services }) => effect === 'Allow' && services.includes(service));

const events = 'events.amazonaws.com';
const cloudWatch = 'cloudwatch.amazonaws.com';

describe('The topic', () => {
  it('is encrypted with a key of the account, which alone lets services publish', () => {
    expect(propertiesOf('NotificationTopic').KmsMasterKeyId).toEqual({ Ref: 'NotificationKey' });
    expect(propertiesOf('NotificationKey').EnableKeyRotation).toBe(true);
  });

  it('has a key that the account can manage', () => {
    expect(keyPolicy).toContainEqual(
      expect.objectContaining({ sid: 'TheAccountManagesTheKey', actions: ['kms:*'] }),
    );
  });

  it.each([events, cloudWatch])('lets %s publish, and use the key', (service) => {
    expect(letting(topicPolicy, service).flatMap(({ actions }) => actions)).toEqual([
      'sns:Publish',
    ]);
    expect(letting(keyPolicy, service).flatMap(({ actions }) => actions)).toEqual([
      'kms:GenerateDataKey*',
      'kms:Decrypt',
    ]);
  });

  /*
   * EventBridge says nothing of the rule when it publishes: a statement with aws:SourceAccount or
   * aws:SourceArn never allows it, and the message is dropped.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  it.each([
    ['topic', topicPolicy],
    ['key', keyPolicy],
  ])('asks nothing of EventBridge that it does not say: the policy of the %s', (_, policy) => {
    const keys = letting(policy, events).flatMap(({ conditions }) =>
      Object.values(conditions).flatMap((one) => Object.keys(one)),
    );
    expect(keys.filter((key) => key.startsWith('aws:'))).toEqual([]);
  });

  it('has a subscriber where an address is given', () => {
    expect(resource(template, 'NotificationEmailSubscription')).toMatchObject({
      Condition: 'HasNotificationEmail',
      Properties: {
        TopicArn: { Ref: 'NotificationTopic' },
        Protocol: 'email',
        Endpoint: { Ref: 'NotificationEmail' },
      },
    });
  });
});

/** A warm-up that is lost costs some time, and no finding: it is no event that anybody has to read. */
const rules = resourcesOfType(stack, 'AWS::Events::Rule').filter(([name]) => !/Warm$/.test(name));

describe('The dead-letter queue', () => {
  it('keeps events as long as a queue can', () => {
    expect(propertiesOf('DeadLetterQueue').MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('takes from every rule what it cannot deliver, and from no other', () => {
    expect(letting(queuePolicy, events)).toEqual([
      expect.objectContaining({
        actions: ['sqs:SendMessage'],
        conditions: {
          ArnEquals: {
            'aws:SourceArn': expect.toSatisfy(
              (sources: readonly string[]) =>
                sources.toSorted().join() ===
                rules
                  .map(([name]) => `arn:aws:events:eu-central-1:123456789012:rule/${name}`)
                  .toSorted()
                  .join(),
            ),
          },
        },
      }),
    ]);
  });

  it.each(rules)('is where %s puts it', (_, rule) => {
    for (const target of list(rule.Properties.Targets as object[])) {
      expect(target).toMatchObject({
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
      });
    }
  });

  it.each(['IntakeFunction', 'DriftFunction'])(
    'takes from Lambda what %s failed at, after repetitions',
    (functionId) => {
      expect(propertiesOf(functionId).EventInvokeConfig).toMatchObject({
        MaximumRetryAttempts: 2,
        DestinationConfig: {
          OnFailure: { Type: 'SQS', Destination: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
        },
      });
    },
  );

  it('calls for help from its first message on', () => {
    expect(resource(nested, 'DeadLetterAlarm').Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        { Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeadLetterQueue', 'QueueName'] } },
      ],
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'NotificationTopic' }],
    });
  });
});

/** Metrics in the log: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface MetricsLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [dimension: string]: unknown;
}

interface Watched {
  readonly namespace: unknown;
  readonly metric: unknown;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

const topicName = 'cordon-NotificationTopic';

/** The metrics that the functions emit for a failed case, a refused message, a drift and a heartbeat. */
const emitted = (): readonly Watched[] => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  emitCaseMetrics(reportWith({ status: 'failed' }));
  emitNotificationRefused();
  emitDriftMetrics([{ drifted: ['eni-groups'] }]);
  emitArrival('heartbeat', `arn:aws:sns:eu-central-1:123456789012:${topicName}`);
  const lines = write.mock.calls.map(([line]) => JSON.parse(String(line)) as MetricsLine);
  write.mockRestore();
  return lines.flatMap((line) =>
    line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.map(({ Name }) => ({
        namespace: Namespace,
        metric: Name,
        dimensions: Object.fromEntries(Dimensions.flat().map((name) => [name, line[name]])),
      })),
    ),
  );
};

describe('The alarms', () => {
  const alarms = resourcesOfType(nested, 'AWS::CloudWatch::Alarm');

  it('are handed what the template of theirs asks for', () => {
    const handed = resource(template, 'Alarms').Properties.Parameters as object;
    expect(Object.keys(handed).toSorted()).toEqual(Object.keys(nested.Parameters).toSorted());
  });

  /** What rings where something is missing, and not where something is. */
  const deadMansSwitch = 'HeartbeatMissingAlarm';

  it.each(alarms.filter(([name]) => name !== deadMansSwitch))(
    '%s tells people at the first sign',
    (_, { Properties }) => {
      expect(Properties).toMatchObject({
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: 'NotificationTopic' }],
      });
    },
  );

  it('tell people where no heartbeat has come for 26 hours, which is no data at all', () => {
    expect(resource(nested, deadMansSwitch).Properties).toMatchObject({
      MetricName: 'Heartbeats',
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 26,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      AlarmActions: [{ Ref: 'NotificationTopic' }],
    });
  });

  const nameOfTopic = { 'Fn::GetAtt': ['NotificationTopic', 'TopicName'] };
  const named = (value: unknown): unknown =>
    JSON.stringify(value) === JSON.stringify(nameOfTopic) ? topicName : value;

  it('watch metrics that the functions emit, under their exact names', () => {
    const own = alarms.filter(([, { Properties }]) => Properties.Namespace === 'Cordon');
    expect(own.map(([name]) => name)).toContain('DriftAlarm');
    const metrics = emitted();
    for (const [name, { Properties }] of own) {
      expect(metrics, name).toContainEqual({
        namespace: Properties.Namespace,
        metric: Properties.MetricName,
        dimensions: Object.fromEntries(
          list(Properties.Dimensions as object[]).map((one) => [
            at(one, 'Name'),
            named(at(one, 'Value')),
          ]),
        ),
      });
    }
  });

  it('tell of drift: controls of open cases that do not hold, at the worst of an hour', () => {
    expect(resource(nested, 'DriftAlarm').Properties).toMatchObject({
      MetricName: 'DriftedControls',
      Statistic: 'Maximum',
      Period: 3600,
    });
  });
});

describe('The records', () => {
  const logGroups = resourcesOfType(template, 'AWS::Logs::LogGroup');

  it.each(logGroups)('%s is kept as long as asked, and outlives the stack', (_, logGroup) => {
    expect(logGroup.Properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
    expect(logGroup.DeletionPolicy).toMatch(/^Retain/);
    expect(logGroup.UpdateReplacePolicy).toBe('Retain');
  });

  it('hold all that the state machine did', () => {
    expect(propertiesOf('ContainmentStateMachine')).toMatchObject({
      Logging: {
        Level: 'ALL',
        IncludeExecutionData: true,
        Destinations: [
          {
            CloudWatchLogsLogGroup: {
              LogGroupArn: { 'Fn::GetAtt': ['StateMachineLogGroup', 'Arn'] },
            },
          },
        ],
      },
      Tracing: { Enabled: true },
    });
  });

  // What is retained keeps its name, and CloudFormation refuses to make another of that name.
  it('do not stand in the way of the next stack of the same name', () => {
    const nameProperties = ['LogGroupName', 'QueueName', 'TopicName', 'AliasName'];
    const fixed = Object.entries(template.Resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
      .filter(([, { Properties }]) =>
        nameProperties.some(
          (name) =>
            Properties[name] !== undefined &&
            !JSON.stringify(Properties[name]).includes('AWS::StackId'),
        ),
      );
    expect(fixed.map(([logicalId]) => logicalId)).toEqual([]);
  });
});
