import type { StepName } from '../../../case/step.ts';
import { naclNoteKey } from '../acl-trail.ts';
import { beforeAddressesTag } from '../before-addresses.ts';
import { beforeBalancerPrefix } from '../before-balancer.ts';
import { beforeHostTag } from '../before-host.ts';
import { beforeIdleTimeoutsTag } from '../before-idle-timeouts.ts';
import { beforeMembershipTag } from '../before-membership.ts';
import { beforeProcessesTag } from '../before-processes.ts';
import { beforeProfileTag } from '../before-profile.ts';
import { beforeProtectTag } from '../before-protect.ts';
import { beforeRulesTag } from '../before-rules.ts';
import { beforeTargetPrefix } from '../before-target.ts';
import { beforeVolumeTag } from '../before-volume.ts';
import { eventPrefix } from '../event-tags.ts';
import {
  caseTag,
  foundGroupsTag,
  recordTag,
  requestedTag,
  statusTag,
  triggerTag,
} from '../keys.ts';
import { originalGroupsTag } from '../original-groups.ts';
import { releaseStepTag } from '../release-tags.ts';

/**
 * One letter per step, so that the tag of a seal has room for all of them. A step that is added to
 * the runbook without a letter fails the type check.
 */
const stepCodes: Readonly<Record<StepName, string>> = {
  describe: 'A',
  tag: 'B',
  'detach-auto-scaling': 'C',
  'deregister-load-balancers': 'D',
  'prepare-isolation': 'E',
  'isolate-network': 'F',
  'reinforce-cut': 'G',
  protect: 'H',
  snapshot: 'I',
  'check-snapshots': 'J',
  'acquire-memory': 'K',
  verify: 'L',
  notify: 'M',
  ask: 'N',
  'collect-evidence': 'P',
};

/** Keys that a seal can cover, by the letter that stands for them. Letters never change their meaning. */
const keysByCode: ReadonlyMap<string, string> = new Map([
  ['c', caseTag],
  ['s', statusTag],
  ['t', triggerTag],
  ['q', requestedTag],
  ['p', beforeProtectTag],
  ['g', beforeMembershipTag],
  ['i', beforeProfileTag],
  ['w', beforeProcessesTag],
  ['o', originalGroupsTag],
  ['f', foundGroupsTag],
  ['e', beforeIdleTimeoutsTag],
  ['a', beforeAddressesTag],
  ['v', beforeVolumeTag],
  ['r', beforeRulesTag],
  ['h', beforeHostTag],
  ['z', releaseStepTag],
  ['n', naclNoteKey],
  ['d', recordTag],
  ...Object.entries(stepCodes).map(([step, code]) => [code, `cordon:step:${step}`] as const),
]);

/** Keys that end with a number: the letter is followed by numbers and ranges, `T1-4.7`. */
const prefixesByCode: ReadonlyMap<string, string> = new Map([
  ['T', beforeTargetPrefix],
  ['U', beforeBalancerPrefix],
  ['O', `${originalGroupsTag}:`],
  ['V', eventPrefix],
]);

/** Letter by letter what docs/seal-codes.json says, so that others can read a seal. */
export const sealCodes: Readonly<Record<string, string>> = Object.fromEntries([
  ...keysByCode,
  ...prefixesByCode,
]);

const codesByKey = new Map([...keysByCode].map(([code, key]) => [key, code]));

const numbered = (key: string): { readonly code: string; readonly number: number } | undefined => {
  for (const [code, prefix] of prefixesByCode) {
    const rest = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    if (/^[1-9]\d{0,3}$/.test(rest)) return { code, number: Number(rest) };
  }
  return undefined;
};

/** Whether a seal can cover a tag of this key; another tag of Cordon's name is somebody else's. */
export const isCoverable = (key: string): boolean =>
  codesByKey.has(key) || numbered(key) !== undefined;

/** `1-3.7` for 1, 2, 3 and 7. */
const writeRanges = (numbers: readonly number[]): string => {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join('.');
};

/** The keys as letters: `cspT1-2`. Keys that no letter stands for are left out. */
export const writeCovered = (keys: readonly string[]): string => {
  const letters = keys.flatMap((key) => codesByKey.get(key) ?? []).toSorted();
  const some = keys.flatMap((key) => numbered(key) ?? []);
  const ranges = [...Map.groupBy(some, ({ code }) => code)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, its]) => `${code}${writeRanges(its.map(({ number }) => number))}`);
  return [...letters, ...ranges].join('');
};

const grammar = /([A-Za-z])((?:\d+(?:-\d+)?)(?:\.\d+(?:-\d+)?)*)?/gy;

/** The most numbers that one letter may stand for: a resource has at most 50 tags. */
const mostNumbers = 50;

const readRange = (text: string): readonly number[] | undefined => {
  const [from = 0, to = from] = text.split('-').map(Number);
  return from < 1 || to < from || to - from >= mostNumbers
    ? undefined
    : Array.from({ length: to - from + 1 }, (_, index) => from + index);
};

const keysOf = (code: string, ranges: string | undefined): readonly string[] | undefined => {
  const key = keysByCode.get(code);
  if (ranges === undefined) return key === undefined ? undefined : [key];
  const prefix = prefixesByCode.get(code);
  const numbers = ranges.split('.').map(readRange);
  if (prefix === undefined || numbers.includes(undefined)) return undefined;
  return numbers.flatMap((some) => some ?? []).map((number) => `${prefix}${number}`);
};

/** The keys that the letters stand for; undefined where a letter stands for none. */
export const readCovered = (text: string): readonly string[] | undefined => {
  const keys: string[] = [];
  let end = 0;
  for (const { 0: whole, 1: code = '', 2: ranges, index } of text.matchAll(grammar)) {
    const its = keysOf(code, ranges);
    if (its === undefined) return undefined;
    keys.push(...its);
    end = index + whole.length;
  }
  return end === text.length && text !== '' && new Set(keys).size === keys.length
    ? keys
    : undefined;
};
