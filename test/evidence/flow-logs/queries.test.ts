import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowQueryName } from '../../../src/evidence/flow-logs/queries.ts';
import { executionParameters, flowQueries } from '../../../src/evidence/flow-logs/queries.ts';
import { accountId, instanceId, region } from '../../steps/sample-instance.ts';
import { athenaOver } from './athena-stand-in.ts';
import type { Told } from './generated-records.ts';
import { deliveredKey, fileOf, flow, nothing, zipped } from './generated-records.ts';

const cut = 1_772_334_421;
const caseId = `20260301T0307Z-${instanceId}`;
const peer = '203.0.113.5';
const other = '198.51.100.7';

const caseNamed = (id: string) => ({ accountId, region, caseId: id });

const asked = async (
  query: FlowQueryName,
  files: readonly (readonly [string, readonly Told[]])[],
  since = cut + 60,
) => {
  const delivered = new Map(
    files.map(([id, records], at) => [deliveredKey(caseNamed(id), at), zipped(fileOf(records))]),
  );
  const answer = await athenaOver(delivered);
  const { sql } = flowQueries[query];
  return answer(sql, executionParameters(flowQueries[query], { caseId, since }));
};

describe('The queries over flow logs', () => {
  it('say who talked most, over which service, whichever end began', async () => {
    const rows = await asked('talkers', [
      [
        caseId,
        [
          flow(cut - 60, 'egress', peer, { bytes: 1_000 }),
          flow(cut - 30, 'egress', peer, { bytes: 500, srcport: 51_600 }),
          flow(cut - 60, 'ingress', other, { bytes: 100, srcport: 40_000, dstport: 22 }),
          nothing(cut),
        ],
      ],
    ]);
    expect(rows).toEqual([
      {
        ...{ peer, protocol: '6', port: '443', direction: 'egress', action: 'ACCEPT' },
        ...{ total_packets: '20', total_bytes: '1500' },
        ...{ first_seen: String(cut - 60), last_seen: String(cut) },
      },
      expect.objectContaining({ peer: other, port: '22', direction: 'ingress' }),
    ]);
  });

  it('say what was rejected, and why', async () => {
    const rejected = { action: 'REJECT', 'reject-reason': 'BPA', bytes: '-' };
    const rows = await asked('denied', [
      [caseId, [flow(cut + 60, 'egress', peer, rejected), flow(cut + 60, 'egress', other)]],
    ]);
    expect(rows).toEqual([
      expect.objectContaining({ peer, port: '443', reject_reason: 'BPA', records: '1' }),
    ]);
  });

  it('say what was accepted after the cut, and nothing from before it', async () => {
    const rows = await asked('after-cut', [
      [
        caseId,
        [
          flow(cut - 60, 'egress', other),
          flow(cut + 59, 'egress', other),
          flow(cut + 60, 'egress', peer),
          flow(cut + 90, 'egress', other, { action: 'REJECT' }),
        ],
      ],
    ]);
    expect(rows).toEqual([
      expect.objectContaining({ peer, own_port: '51514', peer_port: '443', total_bytes: '840' }),
    ]);
  });

  it('name the address that the packet bore, and where there is none the one that is shown', async () => {
    const hidden = flow(cut, 'egress', peer, { 'pkt-dstaddr': '-' });
    const [row] = await asked('talkers', [[caseId, [hidden]]]);
    expect(row?.peer).toBe(peer);
  });

  it('are about one case, though others lie beside it', async () => {
    const theirs = `20260301T0310Z-${instanceId}`;
    const rows = await asked('talkers', [
      [caseId, [flow(cut, 'egress', peer)]],
      [theirs, [flow(cut, 'egress', other)]],
    ]);
    expect(rows.map((row) => row.peer)).toEqual([peer]);
  });

  it('add up what was sent, whatever it was', async () => {
    const sizes = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (bytes) => {
        const records = bytes.map((each, at) => flow(cut + at, 'egress', peer, { bytes: each }));
        const [row] = await asked('talkers', [[caseId, records]]);
        expect(row?.total_bytes).toBe(String(bytes.reduce((sum, each) => sum + each, 0)));
      }),
      { numRuns: 10 },
    );
  });
});

describe('The parameters of a query', () => {
  it('are literals, so that no name of a case is ever SQL', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const [literal = ''] = executionParameters(flowQueries.talkers, { caseId: id, since: 0 });
        expect(literal.slice(1, -1).replaceAll("''", '')).not.toContain("'");
        expect([literal.at(0), literal.at(-1)]).toEqual(["'", "'"]);
      }),
    );
  });

  it('are as many as there are question marks', () => {
    for (const query of Object.values(flowQueries)) {
      expect(query.sql.match(/\?/g)).toHaveLength(query.parameters.length);
    }
  });
});
