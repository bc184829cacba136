import type { TrafficMirrorFilter, TrafficMirrorSession } from '@aws-sdk/client-ec2';
import {
  CreateTrafficMirrorFilterCommand,
  CreateTrafficMirrorFilterRuleCommand,
  CreateTrafficMirrorSessionCommand,
  DescribeTrafficMirrorFiltersCommand,
  DescribeTrafficMirrorSessionsCommand,
  ModifyTrafficMirrorFilterNetworkServicesCommand,
} from '@aws-sdk/client-ec2';
import type { FakeAws } from '../../steps/fake-aws.ts';

const id = (prefix: string, number: number): string =>
  `${prefix}-${String(number).padStart(17, '0')}`;

const refusal = (name: string) => Object.assign(new Error(`refused: ${name}`), { name });

/** Traffic mirroring in memory, as far as the collector and the release ask. */
export const fakeMirrors = (aws: FakeAws) => {
  const filters: TrafficMirrorFilter[] = [];
  const sessions: TrafficMirrorSession[] = [];
  /** Codes of errors that the next calls meet, each once. */
  const refusals: { rule?: string; session?: string } = {};
  const meet = (what: keyof typeof refusals): void => {
    const name = refusals[what];
    delete refusals[what];
    if (name !== undefined) throw refusal(name);
  };
  const { ec2 } = aws;
  ec2.on(DescribeTrafficMirrorFiltersCommand).callsFake(({ Filters }) => ({
    TrafficMirrorFilters: filters.filter(({ Description = '' }) =>
      Filters[0].Values.includes(Description),
    ),
  }));
  ec2.on(DescribeTrafficMirrorSessionsCommand).callsFake((input) => {
    const { TrafficMirrorSessionIds: wanted, Filters: [by] = [] } = input;
    const fits = (one: TrafficMirrorSession) =>
      wanted?.includes(one.TrafficMirrorSessionId) ??
      (by.Name === 'network-interface-id'
        ? by.Values.includes(one.NetworkInterfaceId)
        : by.Values.includes(one.TrafficMirrorFilterId));
    const found = sessions.filter(fits);
    if (wanted !== undefined && found.length === 0) {
      throw refusal('InvalidTrafficMirrorSessionId.NotFound');
    }
    return { TrafficMirrorSessions: found };
  });
  ec2.on(CreateTrafficMirrorFilterCommand).callsFake((input) => {
    const made = {
      TrafficMirrorFilterId: id('tmf', filters.length + 1),
      Description: input.Description,
      IngressFilterRules: [],
      EgressFilterRules: [],
      NetworkServices: [],
      Tags: input.TagSpecifications[0].Tags,
    };
    filters.push(made);
    return { TrafficMirrorFilter: structuredClone(made) };
  });
  ec2.on(CreateTrafficMirrorFilterRuleCommand).callsFake((input) => {
    meet('rule');
    const filter = filters.find((one) => one.TrafficMirrorFilterId === input.TrafficMirrorFilterId);
    const rules =
      input.TrafficDirection === 'egress' ? filter?.EgressFilterRules : filter?.IngressFilterRules;
    rules?.push(input);
    return {};
  });
  ec2.on(ModifyTrafficMirrorFilterNetworkServicesCommand).callsFake((input) => {
    const filter = filters.find((one) => one.TrafficMirrorFilterId === input.TrafficMirrorFilterId);
    filter?.NetworkServices?.push(...input.AddNetworkServices);
    return {};
  });
  ec2.on(CreateTrafficMirrorSessionCommand).callsFake((input) => {
    meet('session');
    const { TagSpecifications, ClientToken, ...rest } = input;
    const made = {
      ...rest,
      TrafficMirrorSessionId: id('tms', sessions.length + 1),
      VirtualNetworkId: 7,
      Tags: TagSpecifications[0].Tags,
    };
    sessions.push(made);
    return { TrafficMirrorSession: made };
  });
  return { filters, sessions, refusals };
};
