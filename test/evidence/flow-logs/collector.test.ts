import { CreateFlowLogsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { flowLogFormat } from '../../../src/case/flow-log.ts';
import { verifyFlowLog } from '../../../src/evidence/flow-logs/verify.ts';
import { contentKey } from '../../../src/record/evidence-store/keys.ts';
import { awsError } from '../../steps/aws-error.ts';
import { aCase, accountId, caseId, instanceId, region } from '../../steps/sample-instance.ts';
import { flowScene, followToTheEnd } from './flow-scene.ts';
import { deliveredKey, fileOf, flow, interfaceId, nothing, zipped } from './generated-records.ts';

const peer = '203.0.113.5';
const other = 'eni-0fedcba9876543210';

const minutesOf = (scene: ReturnType<typeof flowScene>, from: number, count: number) =>
  Array.from({ length: count }, (_, at) => nothing(scene.seconds() + from + at * 60));

describe('The traffic of a contained instance', () => {
  it('is logged at once, in full, minute by minute, to a folder of its case in the store', async () => {
    const scene = flowScene();
    expect(await scene.call()).toMatchObject({ outcome: 'waiting', waitSeconds: 15 });
    expect(scene.world.requests).toEqual([
      expect.objectContaining({
        ClientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        ResourceType: 'NetworkInterface',
        ResourceIds: [interfaceId],
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: `arn:aws:s3:::evidence/flows/${accountId}/${region}/${caseId}/`,
        LogFormat: flowLogFormat,
        MaxAggregationInterval: 60,
        TagSpecifications: [
          {
            ResourceType: 'vpc-flow-log',
            Tags: [
              { Key: 'cordon:case', Value: caseId },
              { Key: 'cordon:instance', Value: instanceId },
            ],
          },
        ],
      }),
    ]);
    expect(await scene.store.find('flow-logs', 'fl-00000000000000000')).toMatchObject({
      resource: 'fl-00000000000000000',
      what: expect.stringContaining(interfaceId),
    });
  });

  it('is not logged twice, whoever runs again', async () => {
    const scene = flowScene();
    await scene.call();
    await scene.call();
    expect(scene.world.requests).toHaveLength(1);
    expect(await scene.store.pieces()).toHaveLength(1);
  });

  it('is asked for with the same token, so that a run killed before the answer makes no second one', async () => {
    const scene = flowScene();
    scene.aws.ec2.on(CreateFlowLogsCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(scene.call()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
    await expect(scene.call()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
    const tokens = scene.aws.ec2
      .commandCalls(CreateFlowLogsCommand)
      .map(({ args }) => args[0].input.ClientToken);
    expect(new Set(tokens).size).toBe(1);
  });

  it('takes no flow log for its own that only bears the tag of the case', async () => {
    const scene = flowScene();
    scene.world.logs.push({
      FlowLogId: 'fl-0badbadbadbadbad0',
      ResourceId: interfaceId,
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::somebody/flows',
      LogFormat: flowLogFormat,
    });
    await scene.call();
    expect(scene.world.requests).toHaveLength(1);
    expect(await scene.store.find('flow-logs', 'fl-0badbadbadbadbad0')).toBeUndefined();
  });

  it('says which interface AWS does not log, and goes on with the others', async () => {
    const scene = flowScene();
    scene.world.interfaces = [interfaceId, other];
    scene.world.refuses = { [other]: 'FlowLogsLimitExceeded' };
    const { outcome, sentence } = await followToTheEnd(scene, () => {
      scene.world.isolated = true;
    });
    expect(outcome).toBe('done');
    expect(sentence).toContain(`Not logged: ${other}: FlowLogsLimitExceeded: refused.`);
    expect(sentence).toContain('Nothing was observed of');
  });

  it('is missing where AWS logs no interface at all', async () => {
    const scene = flowScene();
    scene.world.refuses = { [interfaceId]: 'AccessDenied' };
    expect(await scene.call()).toEqual({
      outcome: 'failed',
      sentence: `AWS logs no interface: ${interfaceId}: AccessDenied: refused.`,
    });
  });

  it('is known to be logged still, or to have ended, which costs no record', async () => {
    const scene = flowScene();
    await scene.call();
    const [piece] = await scene.store.pieces();
    if (piece === undefined) throw new Error('There is no piece.');
    const observed = async () => (await verifyFlowLog(scene.deps, piece)).observed;
    expect(await observed()).toContain('delivers records');
    scene.world.logs = [];
    expect(await observed()).toContain('its records stay');
  });
});

describe('The cut, measured by the flow logs', () => {
  it('is read from ten minutes after it, and done when ten minutes are known', async () => {
    const scene = flowScene();
    let delivered = false;
    const { outcome, sentence, passed } = await followToTheEnd(scene, (seconds) => {
      scene.world.isolated = seconds >= 30;
      if (seconds < 800 || delivered) return;
      delivered = true;
      scene.deliver(...minutesOf(scene, -690, 12));
    });
    expect({ outcome, sentence }).toEqual({
      outcome: 'done',
      sentence: `No flow seen for 10 minutes (observed): ${interfaceId}.`,
    });
    expect(passed).toBeGreaterThanOrEqual(630);
    expect(passed).toBeLessThan(1_000);
    const kept = JSON.parse(
      String(scene.objects.get(contentKey(aCase(), 'flow-logs', 'measured-cut.json'))),
    );
    expect(kept).toMatchObject({
      caseId,
      cutSeenAt: '2026-03-01T03:07:30.000Z',
      interfaces: [{ interfaceId, verdict: 'no-flow', intervals: [{ from: expect.any(String) }] }],
      read: { files: [expect.stringContaining(caseId)], unreadable: 0 },
    });
  });

  it('ends after forty minutes without a record, and says that nothing was observed', async () => {
    const scene = flowScene();
    const { outcome, sentence, passed } = await followToTheEnd(scene, () => {
      scene.world.isolated = true;
    });
    expect(outcome).toBe('done');
    expect(sentence).toMatch(/^Nothing was observed of/);
    expect(passed).toBeGreaterThanOrEqual(40 * 60);
    expect(passed).toBeLessThan(43 * 60);
  });

  it('tells of a living connection at once, and once per peer', async () => {
    const scene = flowScene();
    let lookedAt = 0;
    const { outcome, sentence } = await followToTheEnd(scene, (seconds) => {
      scene.world.isolated = true;
      if (seconds < 700) return;
      scene.deliver(
        flow(scene.seconds() - 120, 'egress', peer),
        flow(scene.seconds() - 60, 'ingress', peer),
      );
      if (lookedAt === 0) lookedAt = seconds;
      else expect(scene.told).toHaveLength(1);
    });
    expect(scene.told).toEqual([expect.objectContaining({ peer, interfaceId })]);
    expect(outcome).toBe('done');
    expect(sentence).toContain(`CONNECTIONS LIVE: ${peer}, tcp`);
  });

  it('is told once even where the run was killed after it was told', async () => {
    const scene = flowScene();
    scene.world.isolated = true;
    const first = await scene.call();
    if (first.outcome !== 'waiting') throw new Error('It does not wait.');
    await scene.aws.clock.sleep(15_000);
    const second = await scene.call(first.state);
    if (second.outcome !== 'waiting') throw new Error('It does not wait.');
    await scene.aws.clock.sleep(second.waitSeconds * 1_000);
    scene.deliver(flow(scene.seconds() - 200, 'egress', peer));
    await scene.call(second.state);
    await scene.call(second.state);
    expect(scene.told).toHaveLength(1);
  });

  it('tries again to tell people where the topic does not answer', async () => {
    const scene = flowScene();
    let tries = 0;
    scene.world.telling = async (one) => {
      tries += 1;
      if (tries < 3) throw awsError('InternalError');
      scene.told.push(one);
    };
    let delivered = false;
    await followToTheEnd(scene, (seconds) => {
      scene.world.isolated = true;
      if (seconds < 700 || delivered) return;
      delivered = true;
      scene.deliver(flow(scene.seconds() - 120, 'egress', peer));
    });
    expect(tries).toBe(3);
    expect(scene.told).toHaveLength(1);
  });

  it('measures nothing that goes through a host that was given back meanwhile', async () => {
    const scene = flowScene();
    const { outcome, sentence } = await followToTheEnd(scene, (seconds) => {
      scene.world.isolated = seconds < 640;
      if (!scene.world.isolated) scene.deliver(flow(scene.seconds() - 10, 'egress', peer));
    });
    expect(scene.told).toEqual([]);
    expect(outcome).toBe('done');
    expect(sentence).toMatch(/^Nothing was observed/);
  });

  it('is not measured where the instance is never isolated, and that is said', async () => {
    const scene = flowScene();
    const { outcome, sentence } = await followToTheEnd(scene);
    expect(outcome).toBe('failed');
    expect(sentence).toMatch(/not isolated for a quarter of an hour/);
  });

  // threat E11
  it('believes no record that bears the name of a flow log which is not the case’s', async () => {
    const scene = flowScene();
    const { sentence } = await followToTheEnd(scene, (seconds) => {
      scene.world.isolated = true;
      if (seconds < 700) return;
      const records = [
        flow(scene.seconds() - 120, 'egress', peer),
        flow(scene.seconds() - 60, 'ingress', peer),
      ];
      scene.objects.set(
        deliveredKey({ accountId, region, caseId }, 0, 'fl-0badbadbadbadbad0'),
        Buffer.from(zipped(fileOf(records))),
      );
    });
    expect(scene.told).toEqual([]);
    expect(sentence).toMatch(/^Nothing was observed/);
  });

  it('says how many lines nobody could read', async () => {
    const scene = flowScene();
    const { sentence } = await followToTheEnd(scene, () => {
      scene.world.isolated = true;
      scene.objects.set(
        `flows/${accountId}/${region}/${caseId}/AWSLogs/${accountId}/vpcflowlogs/${region}/2026/03/01/x_vpcflowlogs_${region}_fl-00000000000000000_20260301T0310Z_0.log.gz`,
        Buffer.from('somebody wrote this'),
      );
    });
    expect(sentence).toContain('Beware: 1 lines could not be read.');
  });

  it('hands little from look to look, however many interfaces are refused', async () => {
    const scene = flowScene();
    const many = Array.from({ length: 50 }, (_, at) => `eni-${String(at).padStart(17, '0')}`);
    scene.world.interfaces = [interfaceId, ...many];
    scene.world.refuses = Object.fromEntries(many.map((id) => [id, 'x'.repeat(5_000)]));
    const progress = await scene.call();
    expect(JSON.stringify(progress).length).toBeLessThan(8_000);
  });
});
