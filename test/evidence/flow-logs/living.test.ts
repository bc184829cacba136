import {
  CreateTagsCommand,
  DescribeNetworkAclsCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { tellLiving } from '../../../src/evidence/flow-logs/living.ts';
import { caseTable } from '../../../src/record/case-table/case-table.ts';
import { fakeTable } from '../../record/case-table/fake-table.ts';
import { awsError } from '../../steps/aws-error.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import {
  aBefore,
  aCase,
  caseId,
  firstInterface,
  instanceId,
  region,
} from '../../steps/sample-instance.ts';

const theCase = aCase();
const input = { case: theCase, before: aBefore() };
const peer = '203.0.113.5';
const living = {
  interfaceId: firstInterface,
  peer,
  ...{ protocol: 6, ownPort: 51_514, peerPort: 443, bytes: 1_840, from: 1_772_334_600 },
  until: 1_772_334_690,
};

const scene = () => {
  const aws = fakeAws();
  const items = fakeTable(aws, async () => {});
  const table = { dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' };
  const cases = caseTable(table.dynamoDb, table.tableName);
  const published: PublishCommandInput[] = [];
  aws.sns.on(PublishCommand).callsFake(async (one: PublishCommandInput) => {
    published.push(one);
    return {};
  });
  aws.ec2.on(CreateTagsCommand).resolves({});
  aws.ec2.on(DescribeTagsCommand).resolves({
    Tags: [
      { ResourceId: instanceId, Key: 'cordon:case', Value: caseId },
      { ResourceId: instanceId, Key: 'cordon:status', Value: 'contained' },
    ],
  });
  aws.ec2.on(DescribeNetworkAclsCommand).resolves({
    NetworkAcls: [
      {
        NetworkAclId: 'acl-0123456789abcdef0',
        Entries: [true, false].map((Egress) => ({
          ...{ RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
          Egress,
        })),
      },
    ],
  });
  const deps = { ...aws.deps, table };
  const statusInTable = (): string | undefined => items.get(`case#${instanceId}`)?.status?.S;
  return { aws, cases, deps, published, statusInTable };
};

describe('A connection that outlived the cut', () => {
  let here: ReturnType<typeof scene>;
  beforeEach(async () => {
    here = scene();
    await here.cases.open(theCase, here.aws.clock.now());
    await here.cases.settle(instanceId, caseId, 'contained');
  });

  it('is told with peer and bytes, and with commands that close or look', async () => {
    await tellLiving(here.deps, input, living);
    const [message] = here.published;
    expect(message?.Subject).toBe(`[Cordon] CONNECTION LIVES ${instanceId}: ${peer}`);
    const text: string = JSON.parse(message?.Message ?? '').email;
    expect(text).toContain('ACT NOW');
    expect(text).toContain(`with: ${peer}, tcp, port 51514 of the host, 443 of the peer`);
    expect(text).toContain('bytes: 1840');
    expect(text).toContain(
      `aws ec2 create-network-acl-entry --region ${region} --network-acl-id acl-0123456789abcdef0 --rule-number 99 --protocol -1 --rule-action deny --egress --cidr-block ${peer}/32`,
    );
    expect(text).toContain(`cordon evidence flows ${caseId} --region ${region} --query after-cut`);
    expect(text).not.toMatch(/cordon release|authorize-security-group/);
  });

  it('makes the case partial in the table and on the instance', async () => {
    await tellLiving(here.deps, input, living);
    expect(here.statusInTable()).toBe('partial');
    expect(here.aws.ec2.commandCalls(CreateTagsCommand)[0]?.args[0].input.Tags).toContainEqual({
      Key: 'cordon:status',
      Value: 'partial',
    });
  });

  it('stays partial when the message about the snapshots, which knows nothing of it, comes later', async () => {
    await tellLiving(here.deps, input, living);
    await here.cases.settle(instanceId, caseId, 'contained');
    expect(here.statusInTable()).toBe('partial');
    await here.cases.settle(instanceId, caseId, 'released');
    expect(here.statusInTable()).toBe('released');
  });

  it('leaves the tag of another case alone, and one that is being released', async () => {
    for (const [theirs, status] of [
      [`20260301T0400Z-${instanceId}`, 'contained'],
      [caseId, 'releasing'],
    ] as const) {
      here.aws.ec2.on(DescribeTagsCommand).resolves({
        Tags: [
          { ResourceId: instanceId, Key: 'cordon:case', Value: theirs },
          { ResourceId: instanceId, Key: 'cordon:status', Value: status },
        ],
      });
      await tellLiving(here.deps, input, living);
    }
    expect(here.aws.ec2.commandCalls(CreateTagsCommand)).toHaveLength(0);
    expect(here.published).toHaveLength(2);
  });

  it('is told where neither tags nor table nor ACLs answer', async () => {
    const denied = awsError('UnauthorizedOperation');
    here.aws.ec2.on(CreateTagsCommand).rejects(denied);
    here.aws.ec2.on(DescribeTagsCommand).rejects(denied);
    here.aws.ec2.on(DescribeNetworkAclsCommand).rejects(denied);
    here.aws.dynamoDb.onAnyCommand().rejects(awsError('AccessDeniedException'));
    await tellLiving(here.deps, input, living);
    expect(JSON.parse(here.published[0]?.Message ?? '').email).toContain('Last resort: stop it');
  });

  it('makes the case partial where the topic refuses, and the caller hears of that', async () => {
    here.aws.sns.on(PublishCommand).rejects(awsError('AuthorizationError'));
    await expect(tellLiving(here.deps, input, living)).rejects.toThrow();
    expect(here.statusInTable()).toBe('partial');
    expect(here.aws.log.line('a connection lives after the cut')).toBeDefined();
  });
});
