import type { Command } from 'commander';
import { cordonCommand } from '../src/case/cordon-command.ts';
import type { AnswerOptions } from './answer-command.ts';
import { answerWith, withAnswerOptions } from './answer-command.ts';
import { exitCodes } from './exit-code.ts';

const refuse = (text: string, options: AnswerOptions): Promise<number> =>
  answerWith('refuse', text, options, async (_deps, { instanceId }, region) => {
    const contain = cordonCommand('contain', { instanceId, region });
    return {
      words: `REFUSED ${instanceId}: the host is OPEN. It is not asked about again for an hour, unless something more severe is found. Contain it after all: ${contain}`,
      status: 'refused',
      code: exitCodes.done,
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
