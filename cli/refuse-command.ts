import type { Command } from 'commander';
import { cordonCommand } from '../src/case/cordon-command.ts';
import { askedStatus, refusedStatus } from '../src/record/case-table/case-item.ts';
import type { Answered, AnswerOptions } from './answer-command.ts';
import { answerWith, followCase, withAnswerOptions } from './answer-command.ts';
import { exitCodes } from './exit-code.ts';

/** How long the machine may take to note a refusal, in milliseconds. */
const noted = 20_000;

const wordsOf = (status: string, instanceId: string, region: string): string => {
  const contain = cordonCommand('contain', { instanceId, region });
  const look = cordonCommand('verify', { instanceId, region });
  return status === refusedStatus
    ? `REFUSED ${instanceId}: the host is OPEN. It is not asked about again for an hour, unless something more severe is found. Contain it after all: ${contain}`
    : `NOT KNOWN TO BE REFUSED ${instanceId}: its case is ${status}, so it was too late, or the machine has not noted it yet. Look: ${look}`;
};

const refuse = (text: string, options: AnswerOptions): Promise<number> =>
  answerWith('refuse', text, options, async (deps, item, region): Promise<Answered> => {
    const status = await followCase(deps, item, (one) => one !== askedStatus, noted);
    return {
      words: wordsOf(status, item.instanceId, region),
      status,
      code: status === refusedStatus ? exitCodes.done : exitCodes.person,
    };
  });

/** `cordon refuse <case | instance> --reason …` */
export const addRefuseCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withAnswerOptions(
    program
      .command('refuse')
      .description(
        'Answer a question of Cordon: the instance stays open, for an hour and for nothing more severe.',
      )
      .requiredOption('--reason <text>', 'why, for the trail; everybody is told'),
  ).action(async (text: string, options: AnswerOptions) => {
    onExitCode(await refuse(text, options));
  });
};
