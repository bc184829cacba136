import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { asCordonError } from '../src/aws/errors.ts';
import type { Log } from '../src/aws/log.ts';
import type { NamedInstance } from '../src/aws/named-instances.ts';
import { readInstancesNamed } from '../src/aws/named-instances.ts';
import { quoted } from '../src/case/quoted.ts';
import { ask } from './confirm.ts';
import { AmbiguousNameError, NotConfirmedError } from './input-errors.ts';
import { tell } from './output.ts';
import type { Subject } from './subject.ts';
import { requireSubject, subjectById } from './subject.ts';

/** Where a name is looked for, and what for. */
export interface NameUse {
  readonly region: string;
  readonly log: Log;
  /** True where the command changes something: the id is typed by a person then. */
  readonly changes: boolean;
}

/** The most instances of one name that are listed. */
const mostListed = 20;

const lineOf = ({ instanceId, name, vpcId, launchedAt, state }: NamedInstance): string =>
  `${instanceId}  ${vpcId ?? 'no VPC'}  launched ${launchedAt ?? 'unknown'}  ${state}  ${name === undefined ? '' : quoted(name, 40)}`.trimEnd();

/** @throws AmbiguousNameError for none, and for more than one, each of which was listed. */
const onlyOne = (text: string, region: string, found: readonly NamedInstance[]): NamedInstance => {
  const [first, ...others] = found;
  const named = quoted(text, 80);
  if (first === undefined) {
    throw new AmbiguousNameError(
      `No instance in ${region} has the name or the private address ${named}; name one by its id.`,
    );
  }
  if (others.length === 0) return first;
  throw new AmbiguousNameError(
    [
      `${found.length} instances in ${region} have the name or the private address ${named}; name one by its id:`,
      ...found.slice(0, mostListed).map((one) => `  ${lineOf(one)}`),
      ...(found.length > mostListed ? [`  and ${found.length - mostListed} more`] : []),
    ].join('\n'),
  );
};

/** @throws NotConfirmedError where nobody is there to type the id, or another one was typed. */
const confirm = async (text: string, { instanceId }: NamedInstance): Promise<void> => {
  const said = await ask(`Type ${instanceId} to go on: `);
  if (said === instanceId) return;
  throw new NotConfirmedError(
    said === undefined
      ? `Nobody is there to confirm that ${quoted(text, 80)} is ${instanceId}, and nothing was begun: name it by its id.`
      : `${instanceId} was not typed, and nothing was begun.`,
  );
};

/**
 * The instance that a person means: an id is taken as it is; a Name tag or a private address is looked
 * up, shown, and where something is changed, confirmed. Whoever may tag can write a name.
 *
 * @throws UnintelligibleEventError, AmbiguousNameError, NotConfirmedError: nothing was begun.
 */
export const findSubject = async (
  text: string,
  { region, log, changes }: NameUse,
): Promise<Subject> => {
  requireSubject(text);
  const byId = subjectById(text);
  if (byId !== undefined) return byId;
  const found = await readInstancesNamed(makeEc2Client(log, region), text).catch(
    (error: unknown) => {
      throw asCordonError(error, `Nothing was begun: looking for ${quoted(text, 80)}`);
    },
  );
  const one = onlyOne(text, region, found);
  tell(`${quoted(text, 80)} is`);
  tell(`  ${lineOf(one)}`);
  if (changes) await confirm(text, one);
  return { instanceId: one.instanceId };
};
