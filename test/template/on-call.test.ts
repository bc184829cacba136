import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { autoScalingPermissions } from '../../src/aws/auto-scaling.ts';
import { instancePermissions } from '../../src/aws/instance.ts';
import { securityGroupPermissions } from '../../src/aws/security-groups.ts';
import { tagReadPermissions } from '../../src/aws/tags.ts';
import { checks } from '../../src/doctor/index.ts';
import { probes, probesByHand, probesOfFunctions } from '../../src/doctor/permissions/probes.ts';
import { permissions as verify } from '../../src/steps/verify.ts';
import { grantsOf } from './granted.ts';
import { readOperations } from './handler-code.ts';
import { neededWith, sorted } from './needed.ts';
import { everyOptIn, optedInto, parametersFor, stack } from './opted-in.ts';
import type { Statement } from './policy.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { isMet, withParameters } from './resolve.ts';
import { at, resourcesOfType } from './stack.ts';

const read = managedPolicy(stack, 'OnCallReadPolicy').statements;
/** OnCallPolicy has no room for the lock of the case table, which the second one has. */
const change = ['OnCallPolicy', 'OnCallAnswerPolicy'].flatMap(
  (policy) => managedPolicy(stack, policy).statements,
);

const actionsIn = (statements: readonly Statement[]): readonly string[] =>
  sorted(statements.flatMap(({ actions }) => actions));

/** Each permission with its limits, so that a wider or a narrower one is another. */
const permissionsIn = (statements: readonly Statement[]): readonly string[] =>
  grantsOf(statements).map(({ action, resource, statement }) =>
    [action, resource, JSON.stringify(statement.conditions)].join(' '),
  );

const reading = /^(?:(?:Describe|Get|List|Filter|Receive)[A-Z]|Scan$)/;
const isReading = (action: string): boolean => reading.test(action.split(':')[1] ?? '');

describe('Who only reads: an auditor, with OnCallReadPolicy alone', () => {
  const allowed = actionsIn(read);

  it('can verify a containment', () => {
    // What finding the case reads, and what verify reads back.
    const needed = [
      ...instancePermissions,
      ...autoScalingPermissions,
      ...securityGroupPermissions,
      ...tagReadPermissions,
      ...verify,
    ];
    expect(needed.filter((action) => !allowed.includes(action))).toEqual([]);
  });

  it('is refused no call that the code of cordon verify can make', async () => {
    const operations = await readOperations('src/verify-case.ts');
    const names = allowed.map((action) => action.split(':')[1]);
    expect(operations).toContain('DescribeInstances');
    expect(operations.filter((operation) => !names.includes(operation))).toEqual([]);
  });

  it('can read the cases and the log, months later', () => {
    expect(allowed).toEqual(
      expect.arrayContaining([
        'states:ListExecutions',
        'states:DescribeExecution',
        'states:GetExecutionHistory',
        'logs:FilterLogEvents',
      ]),
    );
  });

  it('can change nothing', () => {
    expect(allowed.filter((action) => !isReading(action))).toEqual([]);
    expect(allowed.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('can read nothing that is secret', () => {
    const secrets = /Password|ConsoleOutput|Screenshot|UserData|SecretValue|GetObject|GetParameter/;
    expect(allowed.filter((action) => secrets.test(action))).toEqual(['ssm:GetParameter']);
    expect(
      grantsOf(read)
        .filter(({ action }) => action === 'ssm:GetParameter')
        .map(({ resource }) => resource),
    ).toEqual(['arn:aws:ssm:eu-central-1:123456789012:parameter/cordon/cordon/stop']);
  });
});

describe('Who contains by hand: an on-call engineer, with OnCallPolicy and OnCallAnswerPolicy beside it', () => {
  it('has every right that the function for the on-call has, with the same limits', () => {
    const both = permissionsIn([...read, ...change]);
    const runbook = permissionsIn(roleOf(stack, 'ContainFunction').statements);
    expect(runbook.filter((one) => !both.includes(one))).toEqual([]);
  });

  it('has beyond it what starts, reads, and stops Cordon, and nothing else', () => {
    const needed = neededWith().ContainFunction ?? [];
    const beyond = actionsIn([...read, ...change]).filter((action) => !needed.includes(action));
    expect(beyond).toEqual([
      // What keeps the root volume where a refresh would replace it, and holds up a termination.
      'autoscaling:CancelInstanceRefresh',
      'autoscaling:DescribeLifecycleHooks',
      'autoscaling:RecordLifecycleActionHeartbeat',
      // For what the command reads of the stack: its topic and its machines.
      'cloudformation:DescribeStacks',
      // Whether a question waits, for `cordon approve`.
      'dynamodb:GetItem',
      // The open cases, for `cordon status`, in every Region of the account.
      'dynamodb:Scan',
      // For looking at an instance by hand, and for `cordon prepare`, which goes through every VPC.
      'ec2:DescribeAddresses',
      'ec2:DescribeFlowLogs',
      'ec2:DescribeIamInstanceProfileAssociations',
      'ec2:DescribeNetworkAcls',
      'ec2:DescribeRegions',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeVpcs',
      // What NOT CONTAINED advises in the end.
      'ec2:StopInstances',
      'events:PutEvents',
      'lambda:InvokeFunction',
      'logs:FilterLogEvents',
      'logs:GetLogEvents',
      'sqs:DeleteMessage',
      'sqs:ReceiveMessage',
      // For `cordon stop` and `cordon start`.
      'ssm:DeleteParameter',
      'ssm:GetParameter',
      'ssm:PutParameter',
      'states:DescribeExecution',
      'states:GetExecutionHistory',
      'states:ListExecutions',
    ]);
  });

  it('finds changes in the one policy and reads in the other: no right stands in both', () => {
    const changes = permissionsIn(change);
    expect(permissionsIn(read).filter((one) => changes.includes(one))).toEqual([]);
    expect(actionsIn(change).filter(isReading)).toEqual([]);
  });

  it('can put the events of fire drills, and no others', () => {
    const putting = change.filter(({ actions }) => actions.includes('events:PutEvents'));
    expect(putting.map(({ conditions, resources }) => [conditions, resources])).toEqual([
      [
        { StringEquals: { 'events:source': ['cordon.manual'] } },
        ['arn:aws:events:eu-central-1:123456789012:event-bus/default'],
      ],
    ]);
  });

  it.each(everyOptIn)('can make the further cut %s where the stack opts into it', (cut) => {
    const deployed = optedInto(cut);
    const all = permissionsIn([
      ...read,
      ...change,
      ...managedPolicy(deployed, 'OnCallReinforcePolicy').statements,
    ]);
    const runbook = permissionsIn(roleOf(deployed, 'ContainFunction').statements);
    expect(runbook.filter((one) => !all.includes(one))).toEqual([]);
  });
});

describe('Who runs cordon doctor, with OnCallDoctorPolicy beside the others', () => {
  const looking = actionsIn(managedPolicy(stack, 'OnCallDoctorPolicy').statements);
  const needed = sorted(checks.flatMap(({ permissions }) => permissions));

  it('may look at everything that a check looks at', () => {
    const all = actionsIn([...read, ...change]).concat(looking);
    expect(needed).toContain('iam:SimulatePrincipalPolicy');
    expect(needed.filter((action) => !all.includes(action))).toEqual([]);
  });

  it('may do nothing that no check does, and change nothing', () => {
    expect(looking.filter((action) => !needed.includes(action))).toEqual([]);
    expect(looking.filter((action) => !isReading(action))).toEqual(['iam:SimulatePrincipalPolicy']);
  });

  it('has no right twice', () => {
    const others = permissionsIn([...read, ...change]);
    const doctor = permissionsIn(managedPolicy(stack, 'OnCallDoctorPolicy').statements);
    expect(doctor.filter((one) => others.includes(one))).toEqual([]);
  });

  it('is told of functions that the stack has, and of rights that they need', () => {
    const ofFunctions = neededWith();
    for (const [owner, names] of Object.entries(probesOfFunctions)) {
      const asked = names.flatMap((name): readonly string[] => probes[name].actions);
      expect(
        asked.filter((action) => !ofFunctions[owner]?.includes(action)),
        owner,
      ).toEqual([]);
    }
  });

  it('is told of rights that people have', () => {
    const have = actionsIn([...read, ...change]);
    const asked = probesByHand.flatMap((name): readonly string[] => probes[name].actions);
    expect(asked.filter((action) => !have.includes(action))).toEqual([]);
  });
});

const managedPolicies = resourcesOfType(stack, 'AWS::IAM::ManagedPolicy');
const isForPeople = ([logicalId]: readonly [string, unknown]) =>
  /^(?:OnCall|Examiner)/.test(logicalId);

describe.each(managedPolicies)('%s', (logicalId, policy) => {
  /*
   * 6,144 characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html),
   * less some for the longer names of other partitions and Regions, and for suffixes.
   */
  it('fits into a managed policy, whatever is opted into', () => {
    const deployed = withParameters(stack, {
      ...parametersFor(...everyOptIn),
      ChatTopicArn: `arn:aws:sns:eu-central-1:123456789012:${'c'.repeat(100)}`,
    });
    expect(managedPolicy(deployed, logicalId).size).toBeLessThanOrEqual(6_144 - 1_000);
  });

  it('is made of plain grants, each action by its name', () => {
    for (const statement of managedPolicy(optedInto(...everyOptIn), logicalId).statements) {
      expect(statement).toMatchObject({ effect: 'Allow', others: [] });
      expect(statement.actions.filter((action) => action.includes('*'))).toEqual([]);
    }
  });

  it('is there as its condition says', () => {
    const { Condition } = policy;
    expect(Condition === undefined || isMet(optedInto(...everyOptIn), Condition)).toBe(true);
  });

  // With a name of its own it would need CAPABILITY_NAMED_IAM at every deploy.
  it('has no name but the one that CloudFormation gives', () => {
    expect(Object.keys(policy.Properties).toSorted()).toEqual(['Description', 'PolicyDocument']);
  });
});

describe.each(managedPolicies.filter(isForPeople))('%s, for people', (logicalId, policy) => {
  it('has an output, which says whom to give it to', () => {
    const output = stack.Outputs[`${logicalId}Arn`];
    expect(at(output, 'Value')).toEqual({ Ref: logicalId });
    expect(at(output, 'Condition')).toBe(policy.Condition);
    expect(String(at(output, 'Description'))).toMatch(/^Attach it /);
  });
});

describe.each(managedPolicies.filter((one) => !isForPeople(one)))('%s, shared', (logicalId) => {
  it('is what more than one function may do, and nobody is told to attach it', () => {
    const users = resourcesOfType(stack, 'AWS::Lambda::Function').filter(([functionId]) =>
      roleOf(stack, functionId).shared.includes(logicalId),
    );
    expect(users.length).toBeGreaterThan(1);
    expect(JSON.stringify(stack.Outputs)).not.toContain(`"${logicalId}"`);
  });

  it('is explained', () => {
    const page = readFileSync(inProject('docs', 'iam.md'), 'utf8');
    expect(page).toContain(`| \`${logicalId}\` | `);
  });
});
