import * as z from 'zod/mini';

/** What the script on a host is asked to do. */
export type HostAction = 'cut' | 'restore';

/** What the script on a host says of itself. Whoever is root there can say anything. */
export interface HostResult {
  readonly ok: boolean;
  /** One word of the script's; empty where it is well. */
  readonly error: string;
  readonly method: string;
  readonly ended: number;
  /** Connections that are open although they should not be. */
  readonly left: number;
}

/** How a host was cut: what a release needs to take it away again. */
export interface HostCut {
  readonly caseId: string;
  readonly documentName: string;
}

const word = z.string().check(z.regex(/^[a-z0-9-]{0,40}$/));
const count = z.number().check(z.minimum(0), z.maximum(1_000_000_000));

const schema = z.object({
  cordon: z.literal('host-cut'),
  action: z.enum(['cut', 'restore']),
  case: z.string().check(z.maxLength(64)),
  ok: z.boolean(),
  error: word,
  method: word,
  ended: count,
  left: count,
});

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/**
 * What the last line of the script's output says of this action in this case; undefined where it says
 * nothing of the kind. An answer about another case or action is none.
 */
export const hostResultIn = (
  stdout: string,
  action: HostAction,
  caseId: string,
): HostResult | undefined => {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  const { success, data } = schema.safeParse(parsed(line));
  if (!success || data.action !== action || data.case !== caseId) return undefined;
  const { ok, error, method, ended, left } = data;
  return { ok, error, method, ended, left };
};

/** What a word of the script's means, and what to do. */
const meanings: Readonly<Record<string, string>> = {
  'bad-case': 'it was given no case',
  'not-root': 'its agent does not run as root',
  'no-ss': 'it has no ss (iproute2)',
  'no-state-folder': 'it cannot write /var/lib/cordon',
  busy: 'another command of Cordon’s has been at work on it',
  'no-agent': 'it found no agent there that could take the cut away again, and changed nothing',
  'no-firewall': 'it has neither nftables nor iptables that work, and changed nothing',
  'connections-left':
    'connections are still open; they are silenced, and would go on after a release',
  'still-there': 'its rules could not be taken away',
  'group-policy': 'a group policy keeps its firewall open',
  'before-unknown': 'what its firewall was like before is not known any more',
  powershell: 'a command of PowerShell failed',
};

/** Why a host did not do what it was asked, in words. */
export const hostComplaint = ({ error, left }: HostResult): string =>
  `by its own word: ${meanings[error] ?? `it says "${error}"`}${left > 0 ? ` (${left} connections)` : ''}`;
