import { setTimeout as wait } from 'node:timers/promises';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Call, CallParams, Fault } from '../../emulator/proxy/traffic.ts';

/** A call of the happy path that is never answered. */
export interface HangingCall {
  readonly name: string;
  readonly fault: Omit<Fault, 'times' | 'kind'>;
  /** Without it nobody can isolate: then people are told instead. */
  readonly indispensable: boolean;
  /** True where the groups must be there before, so that the id of one is known. */
  readonly warm?: true;
}

const has = (params: CallParams | undefined, text: string): boolean =>
  String(params ?? '').includes(text);

/** A change of groups, and not of idle timeouts, which is made by the same call. */
export const changesGroups = ({ action, params }: Pick<Call, 'action' | 'params'>): boolean =>
  action === 'ModifyNetworkInterfaceAttribute' && has(params, 'SecurityGroupId');

/** Without these nobody knows what to isolate, or by what group, or can do it. */
const indispensable = new Set([
  'DescribeInstances',
  'DescribeSecurityGroups',
  'CreateSecurityGroup',
  'RevokeSecurityGroupEgress',
]);

/**
 * Every kind of call that a run made, once. The change of groups counts twice: to the transition
 * group it is a lesser call, and all of them together are indispensable.
 */
export const hangingCalls = (
  calls: readonly Call[],
  transitionId: () => string | undefined,
): readonly HangingCall[] => {
  const kinds = new Map(
    calls
      .filter(
        (call) => call.service !== 'states' && call.service !== 'lambda' && !changesGroups(call),
      )
      .map(({ service, action }) => [`${service} ${action}`, { service, action }] as const),
  );
  const groups = { service: 'ec2', action: 'ModifyNetworkInterfaceAttribute' };
  return [
    ...[...kinds].map(([name, call]) => ({
      name,
      fault: {
        ...call,
        matches: (params: CallParams) => !changesGroups({ ...call, params }),
      },
      indispensable: indispensable.has(call.action),
    })),
    {
      name: 'ec2 ModifyNetworkInterfaceAttribute, to transition',
      fault: { ...groups, matches: (params: CallParams) => has(params, transitionId() ?? 'none') },
      indispensable: false,
      warm: true,
    },
    {
      name: 'ec2 ModifyNetworkInterfaceAttribute, any groups',
      fault: { ...groups, matches: (params: CallParams) => changesGroups({ ...groups, params }) },
      indispensable: true,
    },
  ];
};

/** When something happened, in seconds after the beginning; absent where it did not happen. */
export interface Figures {
  readonly cut?: number;
  readonly firstWord?: number;
  readonly subject?: string;
}

const secondsSince = (began: number, call: Call | undefined): number | undefined =>
  call === undefined ? undefined : Math.round((call.endedAt - began) / 100) / 10;

const subjectOf = ({ params }: Call): string =>
  (params instanceof URLSearchParams ? params.get('Subject') : undefined) ?? '';

/**
 * Lets a call hang, begins a run, and waits until somebody was told or the time is over; then the
 * call is answered again, so that the run ends.
 */
export const measureHanging = async (
  { traffic }: Emulator,
  { fault }: HangingCall,
  begin: () => Promise<unknown>,
  longestSeconds: number,
): Promise<Figures> => {
  traffic.clear();
  traffic.inject({ ...fault, kind: 'timeout', times: Number.POSITIVE_INFINITY });
  const began = performance.now();
  const running = begin();
  const told = () =>
    traffic.calls.find(({ action, status }) => action === 'Publish' && status === 200);
  const isOver = () => performance.now() - began > longestSeconds * 1_000;
  while (told() === undefined && !isOver()) await wait(100);
  const cuts = traffic.calls.filter((call) => changesGroups(call) && call.status === 200);
  const cut = secondsSince(began, cuts.at(-1));
  const first = told();
  const firstWord = secondsSince(began, first);
  traffic.clearFaults();
  await running;
  return {
    ...(cut === undefined ? {} : { cut }),
    ...(firstWord === undefined ? {} : { firstWord }),
    ...(first === undefined ? {} : { subject: subjectOf(first).split(' i-')[0] ?? '' }),
  };
};
