import { beginningOf } from './report-size.ts';
import type { ResidualRisk } from './risk.ts';
import type { StepEntry } from './step.ts';

/**
 * The result of a step that the state machine carries is at most this many bytes of JSON: those of
 * all steps and the world before must fit into 256 KiB together
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 */
export const maximumEntryBytes = 10_000;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

type Detail = Readonly<Record<string, unknown>>;

/** The lists that grow with the account; no later step judges by them, and the log has them whole. */
const growing = ['targets', 'loadBalancers', 'snapshots', 'calls'] as const;

/** A list of resources in a risk's words may be as long as the account is large. */
const longestExplanation = 2_000;

const withShortRisks = (detail: Detail): Detail =>
  Array.isArray(detail.risks)
    ? {
        ...detail,
        risks: (detail.risks as readonly ResidualRisk[]).map((risk) => ({
          ...risk,
          explanation: beginningOf(risk.explanation, longestExplanation),
        })),
      }
    : detail;

/** The detail with its longest growing list halved; undefined when there is nothing to halve. */
const halved = (detail: Detail): Detail | undefined => {
  const lists = growing.flatMap((key) => {
    const list = detail[key];
    return Array.isArray(list) && list.length > 1 ? [{ key, list, bytes: bytesOf(list) }] : [];
  });
  const [longest] = lists.toSorted((a, b) => b.bytes - a.bytes);
  if (longest === undefined) return undefined;
  const { key, list } = longest;
  return {
    ...detail,
    [key]: list.slice(0, Math.ceil(list.length / 2)),
    [`${key}Count`]: detail[`${key}Count`] ?? list.length,
  };
};

/**
 * The entry of a step with its lists shortened until it fits; beside each stands how long it was:
 * `targets`, `targetsCount`. The log has the whole.
 */
export const fitEntry = <Entry extends StepEntry>(
  entry: Entry,
  limit = maximumEntryBytes,
): Entry => {
  if (bytesOf(entry) <= limit) return entry;
  let fitted = { ...entry, detail: withShortRisks(entry.detail as Detail) };
  while (bytesOf(fitted) > limit) {
    const detail = halved(fitted.detail);
    if (detail === undefined) break;
    fitted = { ...fitted, detail };
  }
  return fitted;
};
