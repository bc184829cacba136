import { describe, expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/template.ts';
import { readSettings } from '../../src/aws/settings.ts';
import { isClosed, isolationRules } from '../../src/case/isolation-group.ts';
import { screaming, settingNames } from './handler-code.ts';
import type { Parameter } from './stack.ts';
import { at, list, template } from './stack.ts';

const parameters = Object.entries(template.Parameters);

const parameter = (name: string): Parameter => {
  const found = template.Parameters[name];
  if (found === undefined) throw new Error(`The template has no parameter ${name}`);
  return found;
};

/** True when CloudFormation takes the value: it must match the whole of the pattern. */
const isTaken = (name: string, value: string): boolean => {
  const { AllowedPattern, AllowedValues, MinValue, MaxValue } = parameter(name);
  return (
    (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(value)) &&
    (AllowedValues === undefined || AllowedValues.map(String).includes(value)) &&
    (MinValue === undefined || Number(value) >= MinValue) &&
    (MaxValue === undefined || Number(value) <= MaxValue)
  );
};

/** True when the functions take the value as it is; the forensic profile needs a range beside it. */
const isUnderstood = (name: string, value: string): boolean =>
  readSettings({ FORENSIC_CIDRS: '192.0.2.0/24', [screaming(name)]: value }).warnings.length === 0;

describe('Every parameter', () => {
  it.each(parameters)('%s is explained', (_, { Description }) => {
    expect(Description?.length).toBeGreaterThan(20);
    expect(Description?.length).toBeLessThanOrEqual(4_000);
  });

  it.each(parameters.filter(([, { AllowedPattern }]) => AllowedPattern !== undefined))(
    '%s says in words what its pattern takes',
    (_, { ConstraintDescription }) => {
      expect(ConstraintDescription).toMatch(/^must be /);
    },
  );

  it('has its place in the form that people fill in', () => {
    const groups = at(template.Metadata, 'AWS::CloudFormation::Interface', 'ParameterGroups');
    const placed = list(groups as object[]).flatMap((group) => at(group, 'Parameters') as string[]);
    expect(placed.toSorted()).toEqual(parameters.map(([name]) => name).toSorted());
  });
});

describe('Nobody gets automatic containment without asking for it', () => {
  it('Mode has no default', () => {
    expect(parameter('Mode')).toMatchObject({ AllowedValues: ['observe', 'contain'] });
    expect(parameter('Mode')).not.toHaveProperty('Default');
  });

  it('everything else can be left as it is', () => {
    const defaults = parameters
      .filter(([name]) => name !== 'Mode')
      .map(([name, { Default }]) => [name, Default]);
    expect(Object.fromEntries(defaults)).toEqual({
      RuleState: 'ENABLED',
      MinimumSeverity: 7,
      ExemptTag: '',
      NotificationEmail: '',
      ChatTopicArn: '',
      ConnectionCut: 'transition',
      TransitionHoldSeconds: 1,
      IsolationProfile: 'full',
      ForensicCidrs: '',
      LogRetentionDays: 365,
    });
  });

  it('the defaults of the template are those of the code', () => {
    const deployed = settingNames.flatMap((setting) => {
      const name = setting.charAt(0).toUpperCase() + setting.slice(1);
      const value = template.Parameters[name]?.Default;
      return value === undefined ? [] : [[screaming(setting), String(value)]];
    });
    expect(deployed.length).toBe(settingNames.length - 2);
    expect(readSettings(Object.fromEntries(deployed))).toEqual(readSettings({}));
  });
});

describe('A setting is handed on under its own name', () => {
  const variables = [...functionsOf(readTemplate())].flatMap(([logicalId, { Properties }]) =>
    Object.entries(Properties.Environment?.Variables ?? {}).map(([variable, value]) => ({
      logicalId,
      variable,
      value,
    })),
  );
  const resources: Readonly<Record<string, string>> = {
    NOTIFICATION_TOPIC_ARN: 'NotificationTopic',
    CONTAINMENT_STATE_MACHINE_ARN: 'ContainmentStateMachine',
    DEAD_LETTER_QUEUE_URL: 'DeadLetterQueue',
  };
  const parameterOf = new Map(parameters.map(([name]) => [screaming(name), name]));

  it.each(variables)('$variable of $logicalId', ({ variable, value }) => {
    expect(value).toEqual({ Ref: resources[variable] ?? parameterOf.get(variable) });
  });

  it.each(settingNames)('%s can be set', (setting) => {
    const known = resources[screaming(setting)] ?? parameterOf.get(screaming(setting));
    expect(known).toBeDefined();
    expect(variables.map(({ variable }) => variable)).toContain(screaming(setting));
  });
});

describe('A right value is taken at deploy, and understood by the functions', () => {
  it.each([
    ['Mode', 'observe'],
    ['Mode', 'contain'],
    ['MinimumSeverity', '0'],
    ['MinimumSeverity', '8.5'],
    ['MinimumSeverity', '10'],
    ['ConnectionCut', 'none'],
    ['TransitionHoldSeconds', '0'],
    ['TransitionHoldSeconds', '60'],
    ['IsolationProfile', 'forensic'],
    ['ForensicCidrs', ''],
    ['ForensicCidrs', '203.0.113.7/32'],
    ['ForensicCidrs', '203.0.113.0/24,198.51.100.0/25'],
    ['ForensicCidrs', '203.0.113.0/24, 2001:db8:17::/48'],
    ['ForensicCidrs', '10.0.0.0/8'],
    ['ExemptTag', ''],
    ['ExemptTag', 'cordon-exempt=true'],
    ['ExemptTag', 'Team: Core=platform=1'],
    ['ExemptTag', 'empty='],
  ])('%s = "%s"', (name, value) => {
    expect(isTaken(name, value)).toBe(true);
    expect(isUnderstood(name, value)).toBe(true);
  });
});

describe('A wrong value is refused at deploy, and would not be understood either', () => {
  it.each([
    ['Mode', 'Contain'],
    ['Mode', 'ask'],
    ['MinimumSeverity', '-1'],
    ['MinimumSeverity', '11'],
    ['ConnectionCut', 'both'],
    ['TransitionHoldSeconds', '61'],
    ['IsolationProfile', 'open'],
    ['ForensicCidrs', '0.0.0.0/0'],
    ['ForensicCidrs', '::/0'],
    ['ForensicCidrs', '203.0.113.0/24,0.0.0.0/0'],
    ['ForensicCidrs', '203.0.113.0/00'],
    ['ForensicCidrs', '203.0.113.7'],
    ['ForensicCidrs', '203.0.113.0/33'],
    ['ForensicCidrs', '203.0.113.256/32'],
    ['ForensicCidrs', '203.0.113/24'],
    ['ForensicCidrs', '2001:db8::/129'],
    ['ForensicCidrs', 'office'],
    ['ExemptTag', 'cordon-exempt'],
    ['ExemptTag', '=true'],
  ])('%s = "%s"', (name, value) => {
    expect(isUnderstood(name, value)).toBe(false);
    expect(isTaken(name, value)).toBe(false);
  });
});

const accessFrom = (cidrs: readonly string[]) => ({ cidrs, systemsManagerGroupIds: [] });

// AWS stores a range without its host bits and in its shortest form, and shows it so ever after.
describe('A range written as people write it is the one that AWS makes of it', () => {
  it.each([
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['2001:DB8:17:0::/48', '2001:db8:17::/48'],
  ])('%s: a group with %s is closed', (written, stored) => {
    const group = { id: 'sg-1', name: 'cordon-isolation-forensic', vpcId: 'vpc-1', ownerId: '1' };
    const { forensicCidrs } = readSettings({ FORENSIC_CIDRS: written }).settings;
    const asStored = { ...group, rules: isolationRules('forensic', accessFrom([stored])) };
    expect(isClosed(asStored, isolationRules('forensic', accessFrom(forensicCidrs)))).toBe(true);
  });
});

describe('The address of the on-call', () => {
  it.each(['', 'on-call@example.com', 'sec+cordon@mail.example.co.uk'])(
    'may be "%s"',
    (address) => {
      expect(isTaken('NotificationEmail', address)).toBe(true);
    },
  );

  it.each(['on-call', '@example.com', 'a@b@example.com', 'on call@example.com', 'a@example.com '])(
    'may not be "%s"',
    (address) => {
      expect(isTaken('NotificationEmail', address)).toBe(false);
    },
  );
});

it('the forensic profile without anybody who may enter is refused at deploy', () => {
  expect(template.Rules).toEqual({
    ForensicAccessIsNamed: {
      RuleCondition: { 'Fn::Equals': [{ Ref: 'IsolationProfile' }, 'forensic'] },
      Assertions: [
        {
          Assert: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ForensicCidrs' }, ''] }] },
          AssertDescription: 'The profile forensic needs ForensicCidrs.',
        },
      ],
    },
  });
});
