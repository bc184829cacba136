import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, unreadToTell } from '../../src/triggers/decide.ts';
import { parseOwnRoles } from '../../src/triggers/own-traces.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import type { SampleActor } from './guardduty/custom-rule-finding.ts';
import { apiCallFinding, customRuleFinding } from './guardduty/custom-rule-finding.ts';
import { findingWith } from './guardduty/sample-finding.ts';
import { onlyRequest } from './only-request.ts';
import { policySettings } from './policy-settings.ts';

const now = new Date('2026-11-20T03:07:00.000Z');
const roleId = 'AROAZ2Y7EXAMPLE1QW3ER';
const roleName = 'cordon-ProtectFunctionRole-1XQ7A0ZJ5K3M';
const roleArn = `arn:aws:iam::${accountId}:role/${roleName}`;
const place = { region, accountId, ownRoles: [roleId, roleArn] };
const settings = policySettings({ minimumSeverity: 0 });

const decided = (event: object) => decide(onlyRequest(event, now), settings, place, now);
const finding = (changes: Partial<Parameters<typeof customRuleFinding>[0]> = {}) =>
  customRuleFinding({ instanceId, actors: [ownActor], ...changes });

/** The names by which GuardDuty may give the session of Cordon's role. */
const ownActors: readonly (readonly [string, SampleActor])[] = [
  ['the role that issued the session', { id: 'a', session: { issuer: roleArn } }],
  ['the unique id of the session', { id: 'a', user: { uid: `${roleId}:cordon-Protect` } }],
  [
    'the ARN of the session',
    {
      id: 'a',
      user: { uid: `arn:aws:sts::${accountId}:assumed-role/${roleName}/cordon-Protect` },
    },
  ],
  ['the id of the actor', { id: `user:AssumedRole:${roleId}:cordon-Protect` }],
];
const ownActor = { id: 'a', session: { issuer: roleArn } };

/** Somebody else, named as like to Cordon's role as AWS lets them be. */
const strangers: readonly (readonly [string, SampleActor])[] = [
  [
    'a role of that name in another account',
    { id: 'a', session: { issuer: roleArn.replace(accountId, '999999999999') } },
  ],
  ['a role whose name goes on', { id: 'a', session: { issuer: `${roleArn}2` } }],
  [
    'a role of that name below a path',
    { id: 'a', session: { issuer: roleArn.replace('role/', 'role/x/') } },
  ],
  ['a user of that name', { id: 'a', user: { uid: `arn:aws:iam::${accountId}:user/${roleName}` } }],
  ['a session that is named so', { id: 'a', user: { uid: `AROAOTHEREXAMPLE12345:${roleId}` } }],
  [
    'a session whose ARN ends so',
    { id: 'a', user: { uid: `arn:aws:sts::${accountId}:assumed-role/x/${roleName}` } },
  ],
  [
    'an issuer that contradicts the rest',
    { id: `user:AssumedRole:${roleId}:x`, session: { issuer: `arn:aws:iam::${accountId}:role/x` } },
  ],
  ['the name alone', { id: 'a', user: { name: roleName, type: 'AssumedRole' } }],
  ['nobody', { id: 'a' }],
];

describe('a finding that Cordon’s own change has raised', () => {
  // fault A16
  it.each(ownActors)('contains nobody and wakes nobody, by %s', (_, actor) => {
    expect(decided(finding({ actors: [actor] }))).toMatchObject([
      { kind: 'skip', tell: false, reason: expect.stringContaining('TerminationProtection') },
    ]);
  });

  // fault A16
  it('contains nobody by the credentials of its call', () => {
    const event = apiCallFinding(`${roleId}:cordon-Protect`, 'ModifyInstanceAttribute');
    expect(decided(event)).toMatchObject([{ kind: 'skip', tell: false }]);
  });

  // fault A16
  it('about the transition group contains nobody, and is no instance that could not be read', () => {
    const type = 'Persistence:EC2/ExternalRemoteServices';
    const signals = [{ name: 'EC2SecurityGroupPublicSSH' }];
    const named = finding({ type, signals, severity: 5 });
    expect(decided(named)).toMatchObject([{ kind: 'skip', tell: false }]);
    const unnamed = finding({ type, signals, severity: 5, instanceId: 'sg-0123456789abcdef0' });
    const request = onlyRequest(unnamed, now);
    expect(request.unread).toBeDefined();
    expect(unreadToTell(request, settings, place)).toBeUndefined();
    expect(unreadToTell(request, settings, { region, accountId })).toBeDefined();
  });

  it('is told where it does not say which change that was, and contains nobody', () => {
    expect(decided(finding({ signals: [] }))).toMatchObject([{ kind: 'skip', tell: true }]);
  });
});

describe('what only looks like a trace of Cordon’s', () => {
  const contained = [{ kind: 'contain' }];

  // threat D10
  it.each(strangers)('is a finding like any other: the caller is %s', (_, actor) => {
    expect(decided(finding({ actors: [actor] }))).toMatchObject(contained);
    expect(decided(finding({ actors: [ownActor, actor] }))).toMatchObject(contained);
    expect(decided(finding({ actors: [actor], signals: [] }))).toMatchObject(contained);
  });

  // threat D10
  it.each([
    ['whose role has changed user data', { signals: [{ name: 'EC2UserDataModified' }] }],
    [
      'of another rule too',
      { signals: [{ name: 'EC2TerminationProtectionEnabled' }, { name: 'VPCFlowLogsDeleted' }] },
    ],
    [
      'with a signal of an actor that is not listed',
      { signals: [{ name: 'EC2TerminationProtectionEnabled', actorIds: ['b'] }] },
    ],
    [
      'with a signal of no actor',
      { signals: [{ name: 'EC2TerminationProtectionEnabled', actorIds: [] }] },
    ],
    [
      'with a signal from the host itself',
      { signals: [{ name: 'EC2TerminationProtectionEnabled', type: 'RUNTIME_MONITORING' }] },
    ],
    ['of another type', { type: 'Execution:Runtime/ReverseShell' }],
    ['that is critical', { severity: 9 }],
    ['of unknown severity', { severity: null }],
    ['without actors', { actors: [] }],
  ])('is a finding like any other: one %s', (_, changes) => {
    expect(decided(finding(changes))).toMatchObject(contained);
  });

  it('is every finding, where nobody says which roles are Cordon’s', () => {
    const request = onlyRequest(finding(), now);
    expect(decide(request, settings, { region, accountId }, now)).toMatchObject(contained);
  });

  it('is a person’s request, whatever it says', () => {
    const request = {
      ...onlyRequest({ instanceId }, now),
      calls: onlyRequest(finding(), now).calls,
    };
    expect(
      decide({ ...request, calls: { callers: [[roleArn]], names: [] } }, settings, place, now),
    ).toMatchObject(contained);
  });

  // threat D10
  it('contains, whatever the finding says, unless every caller is Cordon’s role', () => {
    const forms = ownActors.flatMap(([, { id, user, session }]) => [
      id,
      ...Object.values({ ...user, ...session }).map(String),
    ]);
    const parts = fc.array(
      fc.constantFrom(
        roleName,
        roleArn,
        roleId,
        accountId,
        ':',
        '/',
        'arn:aws:sts::',
        'assumed-role',
        'user:AssumedRole:',
        'x',
      ),
      { minLength: 1, maxLength: 6 },
    );
    const text = fc.oneof(
      fc.constantFrom(...forms.filter((one) => one !== undefined)),
      parts.map((some) => some.join('')),
      fc.string(),
    );
    const own = new RegExp(
      `^(?:${roleArn}|${roleId}(?::.*)?|arn:aws:sts::${accountId}:assumed-role/${roleName}/.*)$`,
      's',
    );
    const actor = fc.record(
      { id: text, user: fc.record({ uid: text }), session: fc.record({ issuer: text }) },
      { requiredKeys: ['id'] },
    );
    fc.assert(
      fc.property(fc.array(actor, { minLength: 1, maxLength: 3 }), (actors) => {
        const allOwn = actors.every(({ id, user, session }) =>
          session?.issuer
            ? own.test(session.issuer)
            : [user?.uid ?? '', id].some((one) => own.test(one.replace(/^user:AssumedRole:/, ''))),
        );
        const identified = actors.every(({ id }) => id !== '');
        const [decision] = decided(finding({ actors }));
        expect(decision?.kind).toBe(allOwn && identified ? 'skip' : 'contain');
      }),
      { numRuns: 2_000 },
    );
  });

  // threat D10
  it('contains by every type and severity that these roles’ changes cannot raise', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom(
            'Backdoor:EC2/C&CActivity.B',
            'DefenseImpairment:EC2/DisableOrModifyTools2',
            'Persistence:EC2/BootOrLogonInitializationScripts',
          ),
        ),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (type, severity) => {
          fc.pre(type !== '');
          expect(decided(finding({ type, severity }))).toMatchObject(contained);
        },
      ),
    );
  });
});

describe('the roles that the template names', () => {
  it('are read one by one, and what is none names nobody', () => {
    expect(parseOwnRoles(`${roleId},${roleArn}`)).toEqual([roleId, roleArn]);
    for (const text of [
      '',
      ',',
      'a',
      'arn:',
      'AROA',
      'ProtectFunctionRole',
      `arn:aws:iam::${accountId}:role/`,
    ]) {
      expect(parseOwnRoles(text), text).toEqual([]);
    }
  });

  it('do not keep a finding about the host from containing it', () => {
    const event = findingWith({ resource: { accessKeyDetails: { principalId: `${roleId}:x` } } });
    expect(decided(event)).toMatchObject([{ kind: 'contain' }]);
  });
});
