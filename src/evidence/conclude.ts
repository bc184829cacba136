import { PublishCommand } from '@aws-sdk/client-sns';
import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { defined } from '../case/defined.ts';
import { NotificationRefusedError } from '../case/errors.ts';
import { oneLine } from '../case/one-line.ts';
import { evidenceMessage } from '../notify/evidence-message.ts';
import type { CollectorOutcome } from '../record/evidence-store/outcome.ts';
import { collectorOutcomes } from '../record/evidence-store/outcome.ts';
import type { EvidenceDeps } from './collector.ts';
import { cutsAfterMemory } from './cuts-after-memory.ts';
import type { Collected } from './evidence-event.ts';
import type { EvidenceInput } from './kind.ts';
import { wordsOfKind } from './kinds.ts';
import type { StoredManifest } from './manifest.ts';

type Ended = Omit<CollectorOutcome, 'at'>;

const isOutcome = (value: string | undefined): value is Ended['outcome'] =>
  (collectorOutcomes as readonly (string | undefined)[]).includes(value);

/** What Lambda leaves as the cause of a failure is JSON with the message inside. */
const causeOf = (cause: string): string => {
  try {
    const parsed: unknown = JSON.parse(cause);
    return typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed
      ? String(parsed.errorMessage)
      : cause;
  } catch {
    return cause;
  }
};

/** How a collector ended; one whose function gave no result has failed. */
export const endOf = ({ collector, progress }: Collected): Ended => {
  const { outcome, sentence = '', Error: code = 'unknown', Cause: cause = '' } = progress;
  if (isOutcome(outcome)) return { collector, outcome, sentence: oneLine(sentence) };
  const words = causeOf(cause);
  return {
    collector,
    outcome: 'failed',
    sentence: oneLine(words === '' ? `Its function ended with ${code}.` : words).slice(0, 500),
  };
};

export type ConcludeDeps = EvidenceDeps &
  Deps<'sns'> & {
    /** Makes and keeps the signed manifest; rejects where that cannot be done. */
    readonly makeManifest: () => Promise<StoredManifest>;
  };

/** A function that gave no result could not write down how it ended. The message is sent in any case. */
const noteEnds = async (
  { store, log }: ConcludeDeps,
  collected: readonly Collected[],
): Promise<void> => {
  for (const one of collected.filter(({ progress }) => !isOutcome(progress.outcome)).map(endOf)) {
    try {
      await store.end(one);
    } catch (error) {
      log.error('the store did not take how a collector ended', { ...one, error: inWords(error) });
    }
  }
};

const manifestOf = async ({
  makeManifest,
  log,
}: ConcludeDeps): Promise<StoredManifest | { readonly trouble: string }> => {
  try {
    return await makeManifest();
  } catch (error) {
    log.error('no manifest could be made', { error: inWords(error) });
    return { trouble: inWords(error) };
  }
};

/** Nothing that a person does not know already. */
const isNoNews = (ended: readonly Ended[]): boolean =>
  ended.some(({ outcome }) => outcome === 'already') &&
  ended.every(({ outcome }) => outcome === 'already' || outcome === 'not-applicable');

/**
 * The end of a collection: what became of each part goes into the store, everything is listed in a signed
 * manifest, and people are told.
 *
 * @throws NotificationRefusedError when nobody could be told; the log has the message then.
 */
export const conclude = async (
  deps: ConcludeDeps,
  { case: theCase }: EvidenceInput,
  collected: readonly Collected[],
): Promise<object> => {
  const { clients, log, settings } = deps;
  const ended = collected.map(endOf);
  await noteEnds(deps, collected);
  const manifest = await manifestOf(deps);
  const told = ended.map((one) => ({
    ...one,
    what: wordsOfKind(one.collector),
  }));
  const afterMemory = cutsAfterMemory(collected);
  const record = await deps.recordHead?.(theCase.caseId);
  const message = evidenceMessage({
    ...theCase,
    ...{ ended: told, manifest, afterMemory },
    ...defined({ record }),
  });
  log.info('evidence collected', { caseId: theCase.caseId, ended, manifest });
  if ((isNoNews(ended) && afterMemory.length === 0) || settings.notificationTopicArn === '')
    return { ended, manifest };
  try {
    const { MessageId } = await clients.sns.send(
      new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
    );
    return { ended, manifest, messageId: MessageId };
  } catch (error) {
    throw new NotificationRefusedError(
      `The topic refused the message about the evidence of ${theCase.caseId} (${inWords(error)}); the log has it.`,
      { cause: error },
    );
  }
};
