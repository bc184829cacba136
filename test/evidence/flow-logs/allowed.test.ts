import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolationRules, lockdownRules } from '../../../src/case/isolation-group.ts';
import type { Rule } from '../../../src/case/security-group.ts';
import type { Profile } from '../../../src/evidence/flow-logs/allowed.ts';
import { isAllowed } from '../../../src/evidence/flow-logs/allowed.ts';
import type { Flow } from '../../../src/evidence/flow-logs/record.ts';
import { hostAddress } from './generated-records.ts';

const responder = '198.51.100.20';
const endpoint = '10.0.9.9';
const stranger = '203.0.113.5';

const flowOf = (
  direction: 'ingress' | 'egress',
  peer: string,
  ownPort: number,
  peerPort: number,
  protocol = 6,
): Flow => {
  const own = { address: hostAddress, port: ownPort };
  const other = { address: peer, port: peerPort };
  return direction === 'egress'
    ? { accepted: true, source: own, destination: other, protocol, bytes: 1, direction }
    : { accepted: true, source: other, destination: own, protocol, bytes: 1, direction };
};

const profileWith = (rules: readonly Rule[], ranges: Record<string, readonly string[]> = {}) =>
  ({
    addresses: [hostAddress],
    rules,
    ranges: new Map(Object.entries(ranges)),
  }) satisfies Profile;

const forensic = profileWith(
  isolationRules('forensic-s3', {
    cidrs: ['198.51.100.0/24'],
    systemsManagerGroupIds: ['sg-endpoints'],
    s3PrefixListId: 'pl-s3',
  }),
  { 'sg-endpoints': [`${endpoint}/32`], 'pl-s3': ['192.0.2.0/24'] },
);

describe('What the profile full lets through', () => {
  it('is nothing, whoever talks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ingress' as const, 'egress' as const),
        fc.ipV4(),
        fc.nat(65_535),
        fc.nat(65_535),
        fc.nat(255),
        (direction, peer, own, other, protocol) => {
          expect(isAllowed(flowOf(direction, peer, own, other, protocol), profileWith([]))).toBe(
            false,
          );
        },
      ),
    );
  });
});

describe('What the profile forensic lets through', () => {
  it.each([
    ['a responder over SSH', flowOf('ingress', responder, 22, 40_000)],
    ['the answer to the responder', flowOf('egress', responder, 22, 40_000)],
    ['a responder over Remote Desktop', flowOf('ingress', responder, 3389, 40_000)],
    ['Systems Manager', flowOf('egress', endpoint, 40_000, 443)],
    ['what Systems Manager answers', flowOf('ingress', endpoint, 40_000, 443)],
    ['S3', flowOf('egress', '192.0.2.7', 40_000, 443)],
  ])('is %s', (_, one) => {
    expect(isAllowed(one, forensic)).toBe(true);
  });

  it.each([
    ['a stranger over SSH', flowOf('ingress', stranger, 22, 40_000)],
    ['a responder at another port', flowOf('ingress', responder, 8_080, 40_000)],
    ['the host as a client of the responder', flowOf('egress', responder, 40_000, 22)],
    ['SSH over UDP', flowOf('ingress', responder, 22, 40_000, 17)],
    ['an endpoint at another port', flowOf('egress', endpoint, 40_000, 80)],
    ['HTTPS to a stranger', flowOf('egress', stranger, 40_000, 443)],
  ])('is not %s', (_, one) => {
    expect(isAllowed(one, forensic)).toBe(false);
  });

  it('is told by the addresses of the host where AWS does not say the direction', () => {
    const { direction: _direction, ...answer } = flowOf('egress', responder, 22, 40_000);
    expect(isAllowed(answer, forensic)).toBe(true);
    const { direction: _other, ...client } = flowOf('egress', responder, 40_000, 22);
    expect(isAllowed(client, forensic)).toBe(false);
  });
});

describe('What the profile egress-lockdown lets through', () => {
  const web: Rule = {
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
  };
  const original = { id: 'sg-1', name: 'web', vpcId: 'vpc-1', ownerId: '1', rules: [web] };
  const lockdown = profileWith(lockdownRules(original, []));

  it('is what came in before, and its answers', () => {
    expect(isAllowed(flowOf('ingress', stranger, 443, 50_000), lockdown)).toBe(true);
    expect(isAllowed(flowOf('egress', stranger, 443, 50_000), lockdown)).toBe(true);
  });

  it('is no connection that the host makes itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1_024, max: 65_535 }), (peer, port) => {
        expect(isAllowed(flowOf('egress', peer, port, 443), lockdown)).toBe(false);
      }),
    );
  });
});
