import type { NetworkInterface } from '../../src/case/before.ts';
import type { IsolationDetail } from '../../src/case/details.ts';
import type { IsolateInput } from '../../src/steps/isolate-network.ts';
import { isolateNetwork } from '../../src/steps/isolate-network.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  aTransitionGroup,
  isolationId,
  transitionId,
} from './sample-instance.ts';

interface Scene {
  readonly interfaces?: readonly NetworkInterface[];
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly state?: string;
  readonly defaultRoute?: string;
}

/** Both groups are ready; the interfaces are about to be moved. */
export const isolationScene = ({ interfaces, settings, state, defaultRoute }: Scene = {}) => {
  const aws = fakeAws(settings);
  const instance = anInstance({
    networkInterfaces: interfaces ?? [anInterface()],
    state: state ?? 'running',
  });
  const groups = [anIsolationGroup(), aTransitionGroup()];
  const world = new FakeEc2(aws, { instance, groups, defaultRoute: defaultRoute ?? 'igw-1' });
  const before = aBefore({ instance, groups });
  const prepared = {
    groups: Object.fromEntries(
      instance.networkInterfaces.map(({ id }) => [
        id,
        { isolation: [isolationId], transition: transitionId },
      ]),
    ),
    originals: {},
    groupsNow: Object.fromEntries(
      instance.networkInterfaces.map(({ id, groupIds }) => [id, groupIds]),
    ),
    risks: [],
  };
  const run = async (more: Partial<IsolateInput> = {}) => {
    const result = await isolateNetwork(aws.deps, { case: aCase(), before, prepared, ...more });
    return { ...result, detail: result.detail as IsolationDetail };
  };
  return { aws, world, before, prepared, run };
};

export const risksOf = ({ risks }: IsolationDetail): string[] => risks.map(({ risk }) => risk);
