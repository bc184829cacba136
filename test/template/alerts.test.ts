import { describe, expect, it } from 'vitest';
import type { Statement } from './policy.ts';
import { statementsOf } from './policy.ts';
import { resource, resourcesOfType, template } from './stack.ts';

const propertiesOf = (logicalId: string) => resource(template, logicalId).Properties;

const keyPolicy = statementsOf(template, propertiesOf('NotificationKey').KeyPolicy);
const topicPolicy = statementsOf(template, propertiesOf('NotificationTopicPolicy').PolicyDocument);
const queuePolicy = statementsOf(template, propertiesOf('DeadLetterQueuePolicy').PolicyDocument);

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

describe('The dead-letter queue', () => {
  it('keeps events as long as a queue can', () => {
    expect(propertiesOf('DeadLetterQueue').MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('takes from both rules what they cannot deliver', () => {
    expect(letting(queuePolicy, events)).toEqual([
      expect.objectContaining({
        actions: ['sqs:SendMessage'],
        conditions: {
          ArnEquals: {
            'aws:SourceArn': [
              'arn:aws:events:eu-central-1:123456789012:rule/TriggerRule',
              'arn:aws:events:eu-central-1:123456789012:rule/FailedExecutionRule',
            ],
          },
        },
      }),
    ]);
  });

  it('takes from Lambda what intake failed at', () => {
    expect(propertiesOf('IntakeFunction').EventInvokeConfig).toMatchObject({
      DestinationConfig: {
        OnFailure: { Type: 'SQS', Destination: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
      },
    });
  });

  it('calls for help from its first message on', () => {
    expect(propertiesOf('DeadLetterAlarm')).toMatchObject({
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
