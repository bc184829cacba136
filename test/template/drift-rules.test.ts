import { describe, expect, it } from 'vitest';
import { parseDriftEvent } from '../../src/watch/event.ts';
import { account, event, letsThrough, letThrough, patternOf } from './event-pattern.ts';
import { everyOptIn, optedInto, stack } from './opted-in.ts';
import { roleOf } from './policy.ts';
import { resolved, withParameters } from './resolve.ts';
import { at, list, resource, resourcesOfType } from './stack.ts';

/** What SAM makes of the events of the drift function. */
const rules = [
  'DriftFunctionDriftCheck',
  'DriftFunctionTransitionWatch',
  'DriftFunctionPrepare',
  'DriftFunctionNewVpc',
  'DriftFunctionRecordedCall',
  'DriftFunctionForeignCall',
  'DriftFunctionInstanceState',
];

describe.each(rules)('%s', (rule) => {
  const { Properties } = resource(stack, rule);

  it('reaches the drift function, and keeps on the queue what it cannot deliver', () => {
    expect(list(Properties.Targets as object[])).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': ['DriftFunction', 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
      }),
    ]);
  });

  it('may invoke it', () => {
    expect(resource(stack, `${rule}Permission`)).toMatchObject({
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'DriftFunction' },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [rule, 'Arn'] },
      },
    });
  });

  // What is contained has to be watched, even after everything automatic was stopped.
  it('is not switched off with Cordon', () => {
    expect(Properties.State ?? 'ENABLED').toBe('ENABLED');
  });
});

it('nobody but these rules may invoke the drift function', () => {
  const permitted = resourcesOfType(stack, 'AWS::Lambda::Permission')
    .filter(([, { Properties }]) => at(Properties.FunctionName, 'Ref') === 'DriftFunction')
    .map(([, { Properties }]) => at(Properties.SourceArn, 'Fn::GetAtt', 0));
  expect(permitted.toSorted()).toEqual(rules.toSorted());
});

describe('The schedules', () => {
  const expressionOf = (rule: string, minutes = '15'): unknown => {
    const deployed = withParameters(stack, { DriftCheckMinutes: minutes });
    return resolved(deployed, resource(deployed, rule).Properties.ScheduleExpression);
  };
  const asked = (rule: string): unknown => {
    const [target] = list(resource(stack, rule).Properties.Targets as object[]);
    return JSON.parse(String(at(target, 'Input')));
  };

  it('read every open case back four times an hour', () => {
    expect(expressionOf('DriftFunctionDriftCheck')).toBe('rate(15 minutes)');
  });

  it('look for interfaces left in transition every minute', () => {
    expect(expressionOf('DriftFunctionTransitionWatch')).toBe('rate(1 minute)');
  });

  // `rate(1 minutes)` is refused, and so is `rate(15 minute)`:
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
  it('are in the grammar of EventBridge, however often cases are to be read back', () => {
    const { AllowedValues = [] } = stack.Parameters.DriftCheckMinutes ?? {};
    expect(AllowedValues.length).toBeGreaterThan(1);
    for (const minutes of AllowedValues.map(String)) {
      expect(expressionOf('DriftFunctionDriftCheck', minutes)).toBe(`rate(${minutes} minutes)`);
    }
  });

  it('say to the function, in words that it understands, what they want', () => {
    expect(parseDriftEvent(asked('DriftFunctionDriftCheck'))).toEqual({ kind: 'check' });
    expect(parseDriftEvent(asked('DriftFunctionTransitionWatch'))).toEqual({ kind: 'transition' });
  });
});

const foreignRole = `arn:aws:iam::${account}:role/deployer`;

const user = {
  type: 'IAMUser',
  arn: `arn:aws:iam::${account}:user/mallory`,
  userName: 'mallory',
};

/** A user who gave a second factor: there is a session, which no role issued. */
const userWithSecondFactor = {
  ...user,
  sessionContext: { attributes: { mfaAuthenticated: 'true' } },
};

const root = { type: 'Root', arn: `arn:aws:iam::${account}:root` };

const service = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };

const sessionOf = (roleArn: string) => ({
  type: 'AssumedRole',
  arn: `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: roleArn, accountId: account },
    attributes: { mfaAuthenticated: 'false' },
  },
});

const roleArn = (functionId: string): string =>
  String(resolved(stack, { 'Fn::GetAtt': [`${functionId}Role`, 'Arn'] }));

const call = (
  eventName: string,
  userIdentity: object,
  { source = 'aws.ec2', ...detail }: { source?: string; errorCode?: string } = {},
): object =>
  event({
    source,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: `${source.replace('aws.', '')}.amazonaws.com`,
      eventName,
      eventTime: '2026-11-20T03:10:00Z',
      userIdentity,
      requestParameters: {},
      ...detail,
    },
  });

/** Calls that open a contained instance again, or that touch its evidence, by the service. */
const touching: readonly (readonly [string, string])[] = [
  ['aws.ec2', 'ModifyNetworkInterfaceAttribute'],
  ['aws.ec2', 'AuthorizeSecurityGroupIngress'],
  ['aws.ec2', 'AuthorizeSecurityGroupEgress'],
  ['aws.ec2', 'ModifySecurityGroupRules'],
  ['aws.ec2', 'AttachNetworkInterface'],
  ['aws.ec2', 'ModifyInstanceAttribute'],
  ['aws.ec2', 'CreateTags'],
  ['aws.ec2', 'DeleteTags'],
  ['aws.ec2', 'TerminateInstances'],
  ['aws.ec2', 'StartInstances'],
  ['aws.ec2', 'StopInstances'],
  ['aws.ec2', 'AssociateAddress'],
  ['aws.ec2', 'ModifyInstanceMetadataOptions'],
  ['aws.ec2', 'AssociateIamInstanceProfile'],
  ['aws.ec2', 'ReplaceIamInstanceProfileAssociation'],
  ['aws.autoscaling', 'TerminateInstanceInAutoScalingGroup'],
  ['aws.elasticloadbalancing', 'RegisterTargets'],
  ['aws.elasticloadbalancing', 'RegisterInstancesWithLoadBalancer'],
  ['aws.autoscaling', 'AttachInstances'],
  ['aws.autoscaling', 'ExitStandby'],
];

const recordedNames = at(patternOf('DriftFunctionRecordedCall'), 'detail', 'eventName') as string[];

describe('The rule about recorded calls', () => {
  // threat B15
  it.each(touching)('tells of %s %s, whoever makes it', async (source, name) => {
    const people = [user, userWithSecondFactor, root, service, sessionOf(foreignRole)];
    const calls = people.map((identity) => call(name, identity, { source }));
    expect(await letThrough('DriftFunctionRecordedCall', calls)).toEqual(calls.map(() => true));
    expect(parseDriftEvent(calls[0])).toMatchObject({ kind: 'call', call: { name, by: user.arn } });
  });

  it('names no call but these', () => {
    expect(recordedNames.toSorted()).toEqual(touching.map(([, name]) => name).toSorted());
  });

  it.each([
    ['a call that AWS refused', call('CreateTags', user, { errorCode: 'UnauthorizedOperation' })],
    ['a call that only reads', call('DescribeInstances', user)],
    ['a call that only closes', call('RevokeSecurityGroupIngress', user)],
    ['a call to another service', call('CreateTags', user, { source: 'aws.workspaces' })],
    ['an event of another kind', event({ source: 'aws.ec2', 'detail-type': 'EBS Snapshot' })],
  ])('is silent about %s', async (_, one) => {
    expect(await letsThrough('DriftFunctionRecordedCall', one)).toBe(false);
  });

  it('tells of a role whose name only resembles one of Cordon’s', async () => {
    const resembling = [
      `${roleArn('TagFunction')}2`,
      roleArn('TagFunction').replace(account, '999999999999'),
    ].map((arn) => call('CreateTags', sessionOf(arn)));
    expect(await letThrough('DriftFunctionRecordedCall', resembling)).toEqual([true, true]);
  });

  const functions = resourcesOfType(stack, 'AWS::Lambda::Function').map(([functionId]) => ({
    functionId,
    makes: roleOf(optedInto(...everyOptIn), functionId)
      .statements.flatMap(({ actions }) => actions)
      .map((action) => action.split(':')[1] ?? '')
      .filter((name) => recordedNames.includes(name)),
  }));
  const changing = functions.filter(({ makes }) => makes.length > 0);

  it.each(changing)('is silent about every such call of $functionId itself', async (one) => {
    const calls = one.makes.map((name) => call(name, sessionOf(roleArn(one.functionId))));
    expect(await letThrough('DriftFunctionRecordedCall', calls)).toEqual(calls.map(() => false));
  });

  it('leaves out the roles that make such calls, and no other', () => {
    const issuer = ['detail', 'userIdentity', 'sessionContext', 'sessionIssuer'];
    const excluded = at(patternOf('DriftFunctionRecordedCall'), ...issuer, '$or', 1, 'arn', 0);
    expect(list(at(excluded, 'anything-but') as string[]).toSorted()).toEqual(
      changing.map(({ functionId }) => roleArn(functionId)).toSorted(),
    );
  });

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  it('is short enough, with role names as long as IAM has them, in every partition', () => {
    const longest = JSON.stringify(patternOf('DriftFunctionRecordedCall')).replaceAll(
      /arn:aws:iam::(\d+):role\/[\w-]+/g,
      (_, id: string) => `arn:aws-us-gov:iam::${id}:role/${'n'.repeat(64)}`,
    );
    expect(longest.length).toBeGreaterThan(1_000);
    expect(longest.length).toBeLessThanOrEqual(2_048);
  });
});

/** Calls of other people that reach a contained instance or its evidence, by the service. */
const foreign: readonly (readonly [string, string])[] = [
  ['aws.ec2', 'RebootInstances'],
  ['aws.ec2', 'CreateReplaceRootVolumeTask'],
  ['aws.ec2', 'DetachNetworkInterface'],
  ['aws.ec2', 'DeleteNetworkInterface'],
  ['aws.ec2', 'DetachVolume'],
  ['aws.ec2', 'DeleteVolume'],
  ['aws.ec2', 'DeleteSnapshot'],
  ['aws.ec2', 'ModifySnapshotAttribute'],
  ['aws.ec2', 'ReplaceNetworkAclAssociation'],
  ['aws.ec2', 'ReplaceNetworkAclEntry'],
  ['aws.ec2', 'DeleteNetworkAclEntry'],
  ['aws.iam', 'DeleteRolePolicy'],
  ['aws.ssm', 'SendCommand'],
  ['aws.ssm', 'StartSession'],
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/log-ec2-instance-connect-endpoint-using-cloudtrail.html
  ['aws.ec2-instance-connect', 'SendSSHPublicKey'],
  ['aws.ec2-instance-connect', 'SendSerialConsoleSSHPublicKey'],
  ['aws.ec2-instance-connect', 'OpenTunnel'],
];

const foreignNames = at(patternOf('DriftFunctionForeignCall'), 'detail', 'eventName') as string[];

describe('The rule about calls that Cordon never makes', () => {
  // fault S8
  // threat B15, E2, E3
  it.each(foreign)('tells of %s %s, whoever makes it', async (source, name) => {
    const people = [user, userWithSecondFactor, root, service, sessionOf(foreignRole)];
    const calls = people.map((identity) => call(name, identity, { source }));
    expect(await letThrough('DriftFunctionForeignCall', calls)).toEqual(calls.map(() => true));
  });

  it('names no call but these, and none that a function of Cordon may make but a release', () => {
    expect(foreignNames.toSorted()).toEqual(foreign.map(([, name]) => name).toSorted());
    const functions = resourcesOfType(stack, 'AWS::Lambda::Function').map(([id]) => id);
    const others = functions.filter((functionId) => functionId !== 'ReleaseFunction');
    // What cuts hosts sends commands; the rule is silent about these two.
    const commanding = ['ReinforceCutFunction', 'ContainFunction'];
    const granted = others.flatMap((functionId) =>
      roleOf(optedInto(...everyOptIn), functionId)
        .statements.flatMap(({ actions }) => actions)
        .map((action) => action.split(':')[1] ?? '')
        .filter((name) => name !== 'SendCommand' || !commanding.includes(functionId)),
    );
    expect(granted.filter((name) => foreignNames.includes(name))).toEqual([]);
  });

  it('is silent about what AWS refused, about reading, and about events that anybody can put', async () => {
    const events = [
      call('RebootInstances', user, { errorCode: 'Client.UnauthorizedOperation' }),
      call('DescribeInstances', user),
      call('SendCommand', user, { source: 'custom.ssm' }),
    ];
    expect(await letThrough('DriftFunctionForeignCall', events)).toEqual([false, false, false]);
  });

  it('is short enough', () => {
    expect(JSON.stringify(patternOf('DriftFunctionForeignCall')).length).toBeLessThanOrEqual(2_048);
  });
});

describe('The rule about changes of state', () => {
  const became = (state: string, source = 'aws.ec2'): object =>
    event({
      source,
      'detail-type': 'EC2 Instance State-change Notification',
      detail: { 'instance-id': 'i-0c0d0e0f0a0b0c0d1', state },
    });

  it.each(['running', 'stopping', 'stopped', 'shutting-down', 'terminated'])(
    'tells of an instance that is %s',
    async (state) => {
      expect(await letsThrough('DriftFunctionInstanceState', became(state))).toBe(true);
      expect(parseDriftEvent(became(state))).toMatchObject({ kind: 'state', state });
    },
  );

  it('is silent about an instance that only begins, and about other sources', async () => {
    const events = [became('pending'), became('stopped', 'custom.ec2')];
    expect(await letThrough('DriftFunctionInstanceState', events)).toEqual([false, false]);
  });
});

describe('The groups of every VPC', () => {
  const inputOf = (rule: string) =>
    list(resource(stack, rule).Properties.Targets as object[]).map((target) => at(target, 'Input'));

  it.each(['DriftFunctionPrepare', 'DriftFunctionNewVpc'])('are made ready by %s', (rule) => {
    expect(inputOf(rule).map((input) => parseDriftEvent(JSON.parse(String(input))))).toEqual([
      { kind: 'prepare' },
    ]);
  });

  it('are looked after once a day', () => {
    expect(resource(stack, 'DriftFunctionPrepare').Properties.ScheduleExpression).toBe(
      'rate(1 day)',
    );
  });

  it('are made in a VPC that somebody has made, not in one that AWS refused', async () => {
    const made = (changes: object = {}) =>
      event({
        source: 'aws.ec2',
        'detail-type': 'AWS API Call via CloudTrail',
        detail: { eventName: 'CreateVpc', ...changes },
      });
    const calls = [
      made(),
      made({ errorCode: 'VpcLimitExceeded' }),
      made({ eventName: 'DeleteVpc' }),
    ];
    expect(await letThrough('DriftFunctionNewVpc', calls)).toEqual([true, false, false]);
  });
});
