import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readHost, writeHost } from '../../../src/record/trail/before-host.ts';

const caseId = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/);
const documentName = fc.stringMatching(/^[A-Za-z0-9_.-]{3,128}$/);

it('what cut a host is read back as it was written', () => {
  fc.assert(
    fc.property(fc.record({ caseId, documentName }), (host) => {
      expect(readHost(writeHost(host) ?? '')).toEqual(host);
    }),
  );
});

it('a value of another form names nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const host = readHost(text);
      expect(host === undefined || writeHost(host) === text).toBe(true);
    }),
  );
});

it('what would break out of a command is not written', () => {
  expect(writeHost({ caseId: "x'; reboot", documentName: 'cordon-host' })).toBeUndefined();
  expect(writeHost({ caseId: 'x', documentName: 'a b c' })).toBeUndefined();
});
