import { describe, expect, it } from 'vitest';
import type { DetachDetail } from '../../src/case/details.ts';
import { textOf } from '../../src/notify/text.ts';
import { entryOf, failedEntryOf, isolatedEntry, reportWith } from '../case/sample-report.ts';

/** The lines of one section. */
const section = (text: string, title: string): string =>
  text.split('\n\n').find((part) => part.startsWith(`${title}\n`)) ?? '';

const textAfter = (detail: Partial<DetachDetail>, outcome: 'done' | 'already' = 'done') =>
  textOf(
    reportWith({
      status: 'partial',
      steps: [
        entryOf('describe'),
        entryOf('detach-auto-scaling', {
          outcome,
          detail: { targets: [], loadBalancers: [], groupName: 'web', ...detail },
        }),
        isolatedEntry(),
      ],
    }),
  );

describe('what the on-call reads of the Auto Scaling group', () => {
  it('is under DONE when the instance left it', () => {
    const done = section(textAfter({ left: 'detach' }), 'DONE');
    expect(done).toContain('taken out of its Auto Scaling group');
  });

  it('says standby where it stands by', () => {
    const text = textAfter({ left: 'standby' });
    expect(section(text, 'DONE')).toContain('put on standby in its Auto Scaling group');
    expect(text).not.toContain('taken out of its Auto Scaling group');
  });

  it('is under NOT DONE when the group keeps the instance, though the step did what it could', () => {
    const text = textAfter({ left: 'suspended', suspendedProcesses: ['Terminate'] });
    expect(section(text, 'NOT DONE')).toContain('the Auto Scaling group keeps it');
    expect(section(text, 'DONE')).not.toContain('Auto Scaling');
    expect(text).not.toContain('taken out of its Auto Scaling group');
  });

  it('stays under NOT DONE with the words of AWS when everything was refused', () => {
    const text = textOf(
      reportWith({
        steps: [
          entryOf('describe'),
          failedEntryOf('detach-auto-scaling', 'web keeps i-1 and may terminate it'),
        ],
      }),
    );
    expect(section(text, 'NOT DONE')).toContain('web keeps i-1 and may terminate it');
  });

  it('is taken for a detach in a report of before there were other ways', () => {
    expect(section(textAfter({}), 'DONE')).toContain('taken out of its Auto Scaling group');
  });
});
