import { defined } from '../case/defined.ts';
import { oneLine } from '../case/one-line.ts';
import type { Standing } from './standing.ts';
import { beganBy, holdsOf, nextOf, stateOf } from './words.ts';

/** One case, as programs are told of it. Words of others are on one printable line. */
export interface StatusRow {
  readonly caseId: string;
  readonly instanceId: string;
  readonly region: string;
  /** The instance's Name tag, written by whoever may tag. */
  readonly name?: string;
  /** As people say it. */
  readonly state: string;
  /** As the case table, or the tag, has it. */
  readonly status: string;
  readonly open: boolean;
  /** When the instance was cut, or else the case opened, ISO 8601. */
  readonly since: string;
  /** Required controls that hold, of how many; absent where nothing was read back. */
  readonly holds?: { readonly hold: number; readonly of: number };
  readonly by: string;
  readonly owner?: string;
  readonly takenAt?: string;
  readonly reason?: string;
  readonly reviewAt?: string;
  readonly overdueSince?: string;
  /** The command that brings the case on. */
  readonly next: string;
  /** Why it could not be read back. */
  readonly error?: string;
}

const lined = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : oneLine(text);

/** A case for programs, and what the lines for people are made of. */
export const rowOf = (standing: Standing): StatusRow => {
  const { caseId, instanceId, region, status, isOpen, ownership, report } = standing;
  return {
    ...{ caseId, instanceId, region, state: stateOf(standing), status: oneLine(status) },
    open: isOpen,
    since: standing.cutAt ?? standing.openedAt,
    by: oneLine(beganBy(standing)),
    next: nextOf(standing),
    ...defined({
      name: lined(report?.name),
      holds: holdsOf(standing),
      owner: lined(ownership?.owner),
      takenAt: lined(ownership?.takenAt),
      reason: lined(ownership?.reason),
      reviewAt: lined(ownership?.reviewAt),
      overdueSince: standing.overdueSince,
      error: standing.unread,
    }),
  };
};
