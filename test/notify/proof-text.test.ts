import { describe, expect, it } from 'vitest';
import type { VerifiedCase } from '../../src/case/verdict.ts';
import { proofTextOf } from '../../src/notify/proof-text.ts';
import { instanceId } from '../case/sample-before.ts';
import { caseId, proofWith, reportWith } from '../case/sample-report.ts';

const verified = (changes: Partial<VerifiedCase> = {}): VerifiedCase => ({
  ...reportWith(changes),
  verdict: 'ISOLATED',
  knownCaseId: caseId,
  ...changes,
});

const linesOf = (changes?: Partial<VerifiedCase>) => proofTextOf(verified(changes)).split('\n');

describe('what "cordon verify" shows a person', () => {
  it('is first whether everything holds that has to, then each control', () => {
    const lines = linesOf();
    expect(lines[0]).toBe(
      `ISOLATED ${instanceId}: every required control holds (read 2026-11-20T03:00:12.000Z)`,
    );
    expect(lines.at(-1)).toBe(lines[0]);
    expect(lines[1]).toContain(`case ${caseId}`);
    expect(lines[1]).toContain('connections that were open: complete');
    expect(lines.filter((line) => line.startsWith('  holds: '))).toHaveLength(10);
    expect(lines).not.toContain('WHAT REMAINS');
  });

  it('names each required control that does not hold or is unknown, and no other', () => {
    const proof = proofWith({
      targets: { holds: false, observed: 'registered: web' },
      snapshots: { holds: 'unknown', observed: 'could not be read' },
      trail: { holds: false, required: false, observed: 'missing: cordon:case' },
    });
    const lines = linesOf({ proof });
    expect(lines[0]).toContain('2 required controls do not hold: targets, snapshots');
    expect(lines).toContain('  DOES NOT HOLD: targets: registered: web');
    expect(lines).toContain('  UNKNOWN: snapshots: could not be read');
    expect(lines).toContain('  DOES NOT HOLD: trail: missing: cordon:case');
  });

  it('says what remains, with what to do about it', () => {
    const risk = { risk: 'resolver-dns', explanation: 'DNS\nstill leaves', remedy: 'Block it.' };
    const lines = linesOf({ residualRisks: [risk] });
    expect(lines.slice(lines.indexOf('WHAT REMAINS')).slice(0, 3)).toEqual([
      'WHAT REMAINS',
      '  resolver-dns: DNS still leaves',
      '    do: Block it.',
    ]);
  });

  it('claims nothing where nothing was read', () => {
    expect(linesOf({ proof: [], verdict: 'NOT ISOLATED' })[0]).not.toContain(
      'every required control holds',
    );
  });

  it('puts a long observation on one line that can be read', () => {
    const observed = `registered: ${'web i-1:80 healthy;\n'.repeat(100)}`;
    const lines = linesOf({ proof: proofWith({ targets: { holds: false, observed } }) });
    const line = lines.find((one) => one.includes('DOES NOT HOLD: targets')) ?? '';
    expect(line.length).toBeLessThan(400);
  });

  // fault C10
  it.each([
    ['RELEASED', 'was released'],
    ['NEVER CONTAINED', 'no case of it is known'],
    ['TERMINATED', 'nothing is left to isolate'],
    ['NOT ISOLATED', 'eni-1 is in sg-1'],
  ] as const)('begins with the verdict %s', (verdict, words) => {
    const proof = proofWith({ 'eni-groups': { holds: false, observed: 'eni-1 is in sg-1' } });
    const [first = ''] = linesOf({ verdict, proof });
    expect(first.startsWith(`${verdict} ${instanceId}: `)).toBe(true);
    expect(first).toContain(words);
  });

  // fault C10
  it('names no case where none is known', () => {
    const { knownCaseId: _known, ...report } = verified({ verdict: 'NEVER CONTAINED' });
    expect(proofTextOf(report)).not.toContain(caseId);
  });
});
