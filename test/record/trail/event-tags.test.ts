import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  eventPrefix,
  eventTag,
  readEvent,
  readEvents,
  trailEventKinds,
  writeEvent,
} from '../../../src/record/trail/event-tags.ts';
import { tagValue } from '../../../src/record/trail/tag-value.ts';
import type { Tags } from '../../../src/record/trail/tags.ts';
import { anyText } from '../../case/any-text.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 3, minute)).toISOString();

const anyEvent = fc.record({
  at: fc
    .date({ min: new Date('2026-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
    .map((one) => one.toISOString()),
  kind: fc.constantFrom(...trailEventKinds),
  who: anyText(),
});

describe('An event of a case in a tag', () => {
  it('is read as it was written, whatever words it has of outside', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const read = readEvent(writeEvent(event));
        expect(read).toMatchObject({ at: event.at, kind: event.kind });
        const who = tagValue(event.who);
        expect(who === '' ? '-' : who).toContain(read?.who);
        expect(read?.who.trim()).not.toBe('');
      }),
    );
  });

  it('means nothing in another form', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(readEvent(text)).toBeUndefined();
      }),
    );
    expect(readEvent('2026-99-99T03:07:41Z drift ada')).toBeUndefined();
    expect(readEvent(`${at(1)} contained ada`)).toBeUndefined();
  });

  it('takes the place of the oldest once eight stand there', () => {
    let tags: Tags = { 'cordon:case': 'x' };
    for (let minute = 0; minute < 10; minute += 1) {
      tags = { ...tags, ...eventTag(tags, { at: at(minute), kind: 'drift', who: 'ada' }) };
    }
    expect(Object.keys(tags).filter((key) => key.startsWith(eventPrefix))).toHaveLength(8);
    expect(readEvents(tags).map((event) => event.at)).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map(at));
  });

  it('is not lost to one of another kind that is written from the same tags at the same time', () => {
    const before = eventTag({}, { at: at(0), kind: 'drift', who: 'ada' });
    const written = trailEventKinds.map((kind) =>
      eventTag(before, { at: at(1), kind, who: 'ada' }),
    );
    expect(readEvents(Object.assign({}, before, ...written))).toHaveLength(4);
  });

  it('that is written twice stands there once', () => {
    const event = { at: at(1), kind: 'finding', who: 'guardduty x 8 y' } as const;
    const tags = eventTag({}, event);
    expect(eventTag(tags, event)).toEqual(tags);
  });
});
