import type { Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import type { Story } from '../story.ts';

/** What gives the instance back. */
export const undoSection = ({ report, timeline }: Story, room: Room): Section => {
  const lines = report.undo.split('\n');
  const { shown, leftOut } = capped(lines, room, 'cordon release --dry-run shows them all.');
  const released = timeline.findLast(({ kind }) => kind === 'release');
  return {
    id: 'undo',
    title: 'The way back',
    blocks: [
      {
        kind: 'text',
        text:
          released === undefined
            ? 'These commands open the instance again. Run them only for a false alarm, or when it is clean.'
            : 'The instance was given back; this is what was the way back when it was contained.',
      },
      { kind: 'commands', lines: shown },
      ...leftOut,
    ],
  };
};
