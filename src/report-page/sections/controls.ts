import { moment } from '../moments.ts';
import type { Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import type { Story } from '../story.ts';
import { toneOfHolds, wordOfHolds } from '../tones.ts';

/** What was read back from AWS, control by control. */
export const controlsSection = ({ report }: Story, room: Room): Section => {
  const { shown, leftOut } = capped(report.proof, room, 'cordon verify reads them all.');
  return {
    id: 'controls',
    title: 'What was read back from AWS',
    blocks:
      report.proof.length === 0
        ? [{ kind: 'text', tone: 'bad', text: 'Nothing was read back: nothing is proven.' }]
        : [
            {
              kind: 'table',
              head: ['Control', 'Holds', 'What was seen', 'Read at (UTC)'],
              rows: shown.map(({ control, holds, required, observed, readAt }) => [
                required ? control : `${control} (not required)`,
                { text: wordOfHolds(holds), tone: toneOfHolds(holds) },
                observed,
                moment(readAt),
              ]),
            },
            ...leftOut,
          ],
  };
};
