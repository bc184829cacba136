import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { assembleReport } from '../../src/case/report.ts';
import { parseCaseReport } from '../../src/functions/case-report-event.ts';
import { messageOf } from '../../src/notify/message.ts';
import {
  caseWith,
  describedEntry,
  failedEntryOf,
  isolatedEntry,
  reportWith,
  verifiedEntry,
} from '../case/sample-report.ts';
import { spoiled } from '../case/spoiled.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the event of notify', () => {
  it('is the case report as it was made, nothing lost', () => {
    const report = assembleReport({
      case: caseWith(),
      steps: [describedEntry(), isolatedEntry(), failedEntryOf('tag', 'No room'), verifiedEntry()],
      finished: true,
      now: new Date('2026-11-20T03:00:12.000Z'),
    });
    expect(parseCaseReport(throughJson(report))).toEqual(report);
  });

  it('may be about an instance that was never found, whose id is none: somebody has to know', () => {
    for (const instanceId of ['unknown', 'web-1', '']) {
      const report = assembleReport({
        case: caseWith({ instanceId }),
        steps: [failedEntryOf('describe', 'The input cannot be read')],
        finished: true,
        now: new Date('2026-11-20T03:00:12.000Z'),
      });
      expect(parseCaseReport(throughJson(report)).status).toBe('failed');
    }
  });

  it('is nothing else, and the sentence says what is accepted', () => {
    expect(() => parseCaseReport({ instanceId: 'i-0c0d0e0f0a0b0c0d1' })).toThrow(
      /no case report.*Accepted is/,
    );
  });

  it('is refused with UnintelligibleEventError or can be told, whatever in it is wrong', () => {
    const untold = spoiled(reportWith()).filter(({ event }) => {
      try {
        return messageOf(parseCaseReport(event)).Message === '';
      } catch (error) {
        return !(error instanceof UnintelligibleEventError);
      }
    });
    expect(untold.map(({ where, by }) => [where, by])).toEqual([]);
  });

  it('is refused with UnintelligibleEventError when it is something else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (event) => {
        expect(() => parseCaseReport(event)).toThrow(UnintelligibleEventError);
      }),
    );
  });
});
