import type { CreateFlowLogsCommandInput, FlowLog } from '@aws-sdk/client-ec2';
import {
  CreateFlowLogsCommand,
  DescribeFlowLogsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { collectOne } from '../../../src/evidence/collect-one.ts';
import type { EvidenceDeps, Progress } from '../../../src/evidence/collector.ts';
import { flowLogs } from '../../../src/evidence/flow-logs/collector.ts';
import type { LivingConnection } from '../../../src/evidence/flow-logs/measure.ts';
import { openStore } from '../../../src/record/evidence-store/evidence-store.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import { aBefore, aCase, isolationId, webGroup } from '../../steps/sample-instance.ts';
import { memoryStore } from '../memory-store.ts';
import type { Told } from './generated-records.ts';
import { deliveredKey, fileOf, hostAddress, interfaceId, zipped } from './generated-records.ts';

export const theCase = aCase();
export const input = { case: theCase, before: aBefore() };

/** One interface whose traffic is logged, in an account that behaves as EC2 documents it. */
export const flowScene = () => {
  const aws = fakeAws({ flowLogs: true });
  const { bucket, objects } = memoryStore();
  const store = openStore({ bucket, clock: aws.clock, by: 'a test' }, theCase);
  const told: LivingConnection[] = [];
  const world = {
    isolated: false,
    interfaces: [interfaceId],
    logs: [] as FlowLog[],
    /** Why EC2 refuses an interface. */
    refuses: {} as Record<string, string>,
    requests: [] as CreateFlowLogsCommandInput[],
    /** What telling answers. */
    telling: async (one: LivingConnection): Promise<void> => {
      told.push(one);
    },
  };
  aws.ec2.on(DescribeNetworkInterfacesCommand).callsFake(async () => ({
    NetworkInterfaces: world.interfaces.map((NetworkInterfaceId) => ({
      NetworkInterfaceId,
      PrivateIpAddresses: [{ PrivateIpAddress: hostAddress }],
      Groups: [
        world.isolated
          ? { GroupId: isolationId, GroupName: 'cordon-isolation-full' }
          : { GroupId: webGroup, GroupName: 'web' },
      ],
    })),
  }));
  aws.ec2.on(DescribeSecurityGroupsCommand).resolves({
    SecurityGroups: [{ GroupId: isolationId, GroupName: 'cordon-isolation-full' }],
  });
  aws.ec2.on(DescribeFlowLogsCommand).callsFake(async () => ({ FlowLogs: world.logs }));
  aws.ec2.on(CreateFlowLogsCommand).callsFake(async (asked: CreateFlowLogsCommandInput) => {
    world.requests.push(asked);
    const ids = asked.ResourceIds ?? [];
    const taken = ids.filter((id) => world.refuses[id] === undefined);
    for (const ResourceId of taken) {
      world.logs.push({
        FlowLogId: `fl-0000000000000000${world.logs.length}`,
        ResourceId,
        LogDestinationType: 's3',
        LogDestination: asked.LogDestination,
        LogFormat: asked.LogFormat,
      });
    }
    return {
      $metadata: { requestId: 'a-request' },
      Unsuccessful: ids.flatMap((ResourceId) => {
        const Code = world.refuses[ResourceId];
        return Code === undefined ? [] : [{ ResourceId, Error: { Code, Message: 'refused' } }];
      }),
    };
  });
  const deps: EvidenceDeps = {
    ...aws.deps,
    store,
    tellLiving: (_, one) => world.telling(one),
  };
  const seconds = (): number => Math.floor(aws.clock.now().getTime() / 1_000);
  let files = 0;
  return {
    ...{ aws, store, objects, world, told, deps, seconds },
    call: (state?: unknown): Promise<Progress> => collectOne(flowLogs, deps, input, state),
    deliver: (...records: readonly Told[]) => {
      objects.set(deliveredKey(theCase, files++), Buffer.from(zipped(fileOf(records))));
    },
  };
};

export type FlowScene = ReturnType<typeof flowScene>;

/** The collector as its state machine calls it; what happens meanwhile is told before each call. */
export const followToTheEnd = async (
  scene: FlowScene,
  meanwhile: (secondsPassed: number) => void = () => {},
): Promise<Progress & { readonly passed: number }> => {
  const begun = scene.seconds();
  const passed = (): number => scene.seconds() - begun;
  meanwhile(0);
  let progress = await scene.call();
  while (progress.outcome === 'waiting') {
    await scene.aws.clock.sleep(progress.waitSeconds * 1_000);
    meanwhile(passed());
    // The state machine carries JSON.
    progress = await scene.call(JSON.parse(JSON.stringify(progress.state)));
  }
  return { ...progress, passed: passed() };
};
