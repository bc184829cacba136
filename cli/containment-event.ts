import { instanceIdPattern } from '../src/case/case.ts';
import { defined } from '../src/case/defined.ts';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import { readJsonFile } from '../src/event-file.ts';
import { unwrap } from '../src/triggers/unwrap.ts';

/** What a person adds to the subject of a containment. */
export interface Wishes {
  readonly dryRun?: true;
  readonly reason?: string;
  readonly isolation?: string;
}

const readEvent = (path: string): object => {
  const event = (() => {
    try {
      return readJsonFile(path);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new UnintelligibleEventError(
        `"${path}" is no instance id (i- and 8 or 17 hexadecimal digits), and as a file ${words}`,
        { cause: error },
      );
    }
  })();
  const events = unwrap(event);
  const inner = events.length === 1 ? events[0] : event;
  if (typeof inner === 'object' && inner !== null) return inner;
  throw new UnintelligibleEventError(`"${path}" holds no JSON object.`);
};

const withDryRun = (event: object): object => {
  if ('instanceId' in event) return { ...event, dryRun: true };
  if ('source' in event && event.source === 'cordon.manual' && 'detail' in event) {
    return { ...event, detail: { ...(event.detail as object), dryRun: true } };
  }
  return event;
};

/**
 * The event for an instance id, or of a file.
 *
 * @throws UnintelligibleEventError when the subject is neither.
 */
export const containmentEvent = (
  subject: string,
  { dryRun, reason, isolation }: Wishes,
): object => {
  const requestedBy = process.env.USER ?? process.env.LOGNAME;
  const event = instanceIdPattern.test(subject)
    ? {
        instanceId: subject,
        ...defined({ requestedBy, reason, isolationProfile: isolation }),
      }
    : readEvent(subject);
  return dryRun === true ? withDryRun(event) : event;
};
