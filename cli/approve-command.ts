import type { Command } from 'commander';
import { cordonCommand } from '../src/case/cordon-command.ts';
import { isUncut, openingStatus } from '../src/record/case-table/case-item.ts';
import type { Answered, AnswerOptions } from './answer-command.ts';
import { answerWith, followCase, withAnswerOptions } from './answer-command.ts';
import { exitCodes } from './exit-code.ts';
import { tell } from './output.ts';

/** How long an approved containment is followed, in milliseconds. */
const followed = 180_000;

/** Contained, failed, or held back by the brake: nothing that is still on its way. */
const isOver = (status: string): boolean =>
  status === 'held' || !(isUncut(status) || status === openingStatus || status === 'running');

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
    const status = await followCase(deps, item, isOver, followed);
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
