import type { Command } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import { cordonCommand } from '../src/case/cordon-command.ts';
import type { CaseItem } from '../src/record/case-table/case-item.ts';
import { isUncut, openingStatus } from '../src/record/case-table/case-item.ts';
import { findItem } from '../src/record/case-table/question-item.ts';
import type { Answered, AnswerOptions, Connected } from './answer-command.ts';
import { answerWith, withAnswerOptions } from './answer-command.ts';
import { exitCodes } from './exit-code.ts';
import { tell } from './output.ts';

/** How long an approved containment is followed, and how often it is looked at, in milliseconds. */
const followed = 180_000;
const between = 2_000;

const isUnderWay = ({ status }: CaseItem): boolean =>
  isUncut(status) || status === openingStatus || status === 'running';

/** Looks until the case is contained or has failed; how it stands then. */
const follow = async (
  { clients, tableName }: Connected,
  { caseId, instanceId }: CaseItem,
): Promise<string> => {
  const until = systemClock.now().getTime() + followed;
  let status = 'unknown';
  while (systemClock.now().getTime() < until) {
    const item = await findItem({ dynamoDb: clients.dynamoDb, tableName }, instanceId);
    if (item !== undefined && item.caseId === caseId) {
      status = item.status;
      if (status === 'held' || !isUnderWay(item)) return status;
    }
    await systemClock.sleep(between);
  }
  return status;
};

const ends: Readonly<Record<string, { readonly words: string; readonly code: number }>> = {
  contained: { words: 'CONTAINED', code: exitCodes.done },
  partial: { words: 'ISOLATED, but not everything holds', code: exitCodes.openControls },
  held: { words: 'APPROVED, and held back by the brake', code: exitCodes.person },
  failed: { words: 'NOT CONTAINED', code: exitCodes.notIsolated },
};

const notKnown = {
  words: 'APPROVED, but not known to be isolated yet',
  code: exitCodes.notIsolated,
};

const approve = (text: string, options: AnswerOptions): Promise<number> =>
  answerWith('approve', text, options, async (deps, item, region): Promise<Answered> => {
    const { caseId, instanceId } = item;
    if (options.quiet !== true) {
      tell(`APPROVED: ${caseId} is contained now; this waits for its end.`);
    }
    const status = await follow(deps, item);
    const { words, code } = ends[status] ?? notKnown;
    const look = cordonCommand('verify', { instanceId, region });
    return { words: `${words} ${instanceId}. Look: ${look}`, status, code };
  });

/** `cordon approve <case | instance>` */
export const addApproveCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withAnswerOptions(
    program
      .command('approve')
      .description('Answer a question of Cordon: the instance is contained now. Waits for its end.')
      .option('--reason <text>', 'why, for the trail'),
  ).action(async (text: string, options: AnswerOptions) => {
    onExitCode(await approve(text, options));
  });
};
