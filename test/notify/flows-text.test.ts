import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowQueryNames } from '../../src/evidence/flow-logs/queries.ts';
import { flowsText } from '../../src/notify/flows-text.ts';

const caseId = '20260301T0307Z-i-0123456789abcdef0';

describe('The answer of a query over flow logs', () => {
  it('is a plain table', () => {
    const row = {
      ...{ peer: '203.0.113.5', protocol: '6', port: '443', direction: 'egress', action: 'ACCEPT' },
      ...{ total_bytes: '1840', last_seen: '1772334690' },
    };
    expect(flowsText({ caseId, query: 'talkers', what: 'Who talked.', rows: [row] })).toBe(
      [
        `talkers: 1 of ${caseId}`,
        'Who talked.',
        '',
        'PEER        SERVICE WAY ACTION BYTES LAST UTC',
        '203.0.113.5 tcp 443 out ACCEPT 1840  03:11:30',
      ].join('\n'),
    );
  });

  it('says that there is nothing', () => {
    expect(flowsText({ caseId, query: 'denied', what: 'What was rejected.', rows: [] })).toBe(
      `denied: 0 of ${caseId}\nWhat was rejected.`,
    );
  });

  it('says that there is more than it shows', () => {
    const rows = Array.from({ length: 200 }, () => ({ peer: '203.0.113.5' }));
    expect(flowsText({ caseId, query: 'talkers', what: '', rows })).toContain('the first 200 of');
  });

  it('keeps to its lines and to 80 columns, whatever stands in a value', () => {
    const text = fc.string({ unit: 'binary' });
    const record = fc.record({
      ...{ peer: text, protocol: text, port: text, direction: text, action: text },
      ...{ total_bytes: text, total_packets: text, reject_reason: text, last_seen: text },
      ...{ own_port: text, peer_port: text },
    });
    fc.assert(
      fc.property(fc.array(record), fc.constantFrom(...flowQueryNames), (rows, query) => {
        const lines = flowsText({ caseId, query, what: 'What.', rows }).split('\n');
        expect(lines).toHaveLength(rows.length === 0 ? 2 : rows.length + 4);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});
