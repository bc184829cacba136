import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { parseCheckSnapshotsEvent } from '../../src/functions/check-snapshots-event.ts';
import { instanceId } from '../case/sample-before.ts';
import { caseId } from '../case/sample-report.ts';

it('needs nothing but the instance', () => {
  expect(parseCheckSnapshotsEvent({ instanceId })).toEqual({ instanceId });
});

it('follows the snapshots of one case, and knows how long it waited', () => {
  const input = { instanceId, caseId, waitedSeconds: 40 };
  expect(parseCheckSnapshotsEvent(input)).toEqual(input);
});

it('is refused without an instance id, and the sentence says what is accepted', () => {
  expect(() => parseCheckSnapshotsEvent({})).toThrow(UnintelligibleEventError);
  expect(() => parseCheckSnapshotsEvent({})).toThrow(/instanceId.*Accepted is {"instanceId"/);
});

it('never throws anything but UnintelligibleEventError', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (event) => {
      expect(() => parseCheckSnapshotsEvent(event)).toThrow(UnintelligibleEventError);
    }),
  );
});
