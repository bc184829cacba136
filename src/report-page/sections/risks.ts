import type { Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import type { Story } from '../story.ts';

/** What the containment does not cover, and what to do about it. */
export const risksSection = ({ report }: Story, room: Room): Section => {
  const { shown, leftOut } = capped(report.residualRisks, room, 'the case report has them all.');
  return {
    id: 'risks',
    title: 'What remains',
    blocks:
      report.residualRisks.length === 0
        ? [{ kind: 'text', text: 'The case report names no residual risk.' }]
        : [
            {
              kind: 'table',
              head: ['Risk', 'What it means', 'What to do'],
              rows: shown.map(({ risk, explanation, remedy }) => [
                risk,
                explanation,
                /^aws |: aws /.test(remedy) ? { text: remedy, code: true } : remedy,
              ]),
            },
            ...leftOut,
          ],
  };
};
