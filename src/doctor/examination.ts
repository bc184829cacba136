import type { Clock } from '../aws/clock.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import type { Log } from '../aws/log.ts';
import { UncheckedError } from '../case/errors.ts';
import type { Caller } from './caller.ts';
import { readCaller } from './caller.ts';
import type { DoctorClients } from './clients.ts';
import type { Host } from './hosts.ts';
import { readHosts } from './hosts.ts';
import type { StackNow } from './stack-now.ts';
import { readStackNow } from './stack-now.ts';

/** What is examined, and with what. */
export interface Subject {
  readonly clients: DoctorClients;
  readonly clock: Clock;
  readonly log: Log;
  readonly region: string;
  readonly stackName: string;
  /** An instance whose containment is rehearsed as well. */
  readonly instanceId?: string;
}

/** What the checks work with. What several of them need is read once, and they wait for it. */
export interface Examination extends Subject {
  readonly caller: Promise<Caller>;
  /** Undefined: there is none of that name. */
  readonly foundStack: Promise<StackNow | undefined>;
  /** Rejects with an UncheckedError where there is none, or it could not be read. */
  readonly stack: Promise<StackNow>;
  readonly hosts: Promise<readonly Host[]>;
}

/** How long what several checks wait for may take, in milliseconds. */
const longest = 12_000;

const expected = (found: StackNow | undefined): StackNow => {
  if (found === undefined) throw new UncheckedError('there is no stack to look at');
  return found;
};

/** Begins to read what several checks need; an error is shown where it is waited for. */
export const beginExamination = (subject: Subject): Examination => {
  const { clients, clock, stackName } = subject;
  const reading = <Value>(read: () => Promise<Value>): Promise<Value> => {
    const value = giveUpAfter(clock, longest, read);
    value.catch(() => {});
    return value;
  };
  const foundStack = reading(() => readStackNow(clients.cloudFormation, stackName));
  const stack = foundStack.then(expected, () => {
    throw new UncheckedError('the stack could not be read');
  });
  stack.catch(() => {});
  return {
    ...subject,
    caller: reading(() => readCaller(clients.sts, clock)),
    foundStack,
    stack,
    hosts: reading(() => readHosts(clients.ec2)),
  };
};
