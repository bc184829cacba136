import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { assembleReport } from '../../src/case/report.ts';
import { parseCaseReport } from '../../src/functions/case-report-event.ts';
import { parseReportEvent } from '../../src/functions/report-event.ts';
import { messageOf } from '../../src/notify/message.ts';
import { instanceId } from '../case/sample-before.ts';
import { caseId, caseWith, entryOf, failedEntryOf } from '../case/sample-report.ts';
import { spoiled } from '../case/spoiled.ts';

const now = new Date('2026-11-20T03:07:00.000Z');

const eventWith = (input: unknown, changes: object = {}) => ({
  execution: `arn:aws:states:eu-central-1:123456789012:execution:Containment:${caseId}`,
  input,
  run: { describe: entryOf('describe'), tag: entryOf('tag') },
  finished: true,
  ...changes,
});

describe('the event of report', () => {
  it('carries the case as intake started it, and the entries of its run', () => {
    expect(parseReportEvent(eventWith(caseWith()), now)).toEqual({
      case: caseWith(),
      steps: [entryOf('describe'), entryOf('tag')],
      finished: true,
      now,
    });
  });

  it('gets its gaps filled where somebody started the machine with an instance id alone', () => {
    expect(parseReportEvent(eventWith({ instanceId }), now).case).toEqual({
      caseId: `20261120T0300Z-${instanceId}`,
      instanceId,
      accountId: '123456789012',
      region: 'eu-central-1',
      trigger: {
        source: 'manual',
        id: 'by-hand',
        type: 'manual',
        severity: null,
        at: now.toISOString(),
      },
      dryRun: false,
    });
  });

  it('names the case itself where it is told of beside the cut', () => {
    const run = { describe: entryOf('describe') };
    expect(parseReportEvent({ case: caseWith(), run, finished: false }, now)).toEqual({
      case: caseWith(),
      steps: [entryOf('describe')],
      finished: false,
      now,
    });
  });

  it('is understood though the input names no instance: the failure has to be told', () => {
    expect(parseReportEvent(eventWith({}), now).case.instanceId).toBe('unknown');
  });

  it.each([
    ['no run', { run: undefined }],
    ['no execution', { execution: undefined }],
    ['no end', { finished: undefined }],
  ])('is refused with %s', (_, changes) => {
    expect(() => parseReportEvent(eventWith({ instanceId }, changes), now)).toThrow(
      UnintelligibleEventError,
    );
  });

  it('never throws anything but UnintelligibleEventError', () => {
    const parse = (event: unknown) => {
      try {
        expect(parseReportEvent(event, now).now).toBe(now);
      } catch (error) {
        expect(error).toBeInstanceOf(UnintelligibleEventError);
      }
    };
    const inputs = fc.jsonValue().map((input) => eventWith(input));
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), inputs), parse));
    for (const { event } of spoiled(eventWith(caseWith()))) parse(event);
  });
});

describe('an execution that somebody started with a wrong input', () => {
  /** What report and notify make of it, when describe has refused the input. */
  const told = (input: unknown): string => {
    const run = { describe: failedEntryOf('describe', 'The input cannot be read') };
    const report = assembleReport(parseReportEvent(eventWith(input, { run }), now));
    return messageOf(parseCaseReport(JSON.parse(JSON.stringify(report)))).Subject;
  };

  it.each([
    ['no instance', {}],
    ['an instance id that is none', { instanceId: 'web-1' }],
    ['an instance id that is no text', { instanceId: { toString: 1 } }],
    ['a trigger that is none', { instanceId, trigger: {} }],
    ['a trigger that is a text', { instanceId, trigger: 'guardduty' }],
    ['a case id that is no text', { instanceId, caseId: 17 }],
    ['a Region that is no text', { instanceId, region: null }],
    ['an account that is no text', { instanceId, accountId: 123456789012 }],
  ])('is told to people, with %s', (_, input) => {
    expect(told(input)).toMatch(/^\[Cordon\] NOT CONTAINED/);
  });
});
