import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VpcEndpoint } from '../../src/case/forensic-access.ts';
import type { Agent } from '../../src/case/forensic-path/finding.ts';
import type { ForensicFacts, ForensicPath } from '../../src/case/forensic-path.ts';
import { forensicPath, forensicPathUnder } from '../../src/case/forensic-path.ts';
import type { RouteTable } from '../../src/case/route-table.ts';
import type { Rule } from '../../src/case/security-group.ts';
import { anyText } from './any-text.ts';
import { accountId, interfaceWith, subnetId, vpcId } from './sample-before.ts';

const bucket = 'evidence-uploads';
const endpointGroupId = 'sg-00000000000000e01';
const isolationGroupId = 'sg-00000000000000f01';
const s3List = 'pl-63a5400a';

const endpoint = (service: string, changes: Partial<VpcEndpoint> = {}): VpcEndpoint => ({
  id: `vpce-${service}`,
  vpcId,
  serviceName: `com.amazonaws.us-east-1.${service}`,
  type: 'interface',
  groupIds: [endpointGroupId],
  privateDns: true,
  ...changes,
});

const uploadPolicy = (changes: object = {}): string =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:PutObject'],
        Resource: `arn:aws:s3:::${bucket}/*`,
        Condition: { StringEquals: { 'aws:PrincipalAccount': accountId } },
        ...changes,
      },
    ],
  });

const gateway = (changes: Partial<VpcEndpoint> = {}): VpcEndpoint =>
  endpoint('s3', { type: 'gateway', groupIds: [], policy: uploadPolicy(), ...changes });

const services = ['ssm', 'ssmmessages', 'ec2messages'] as const;
const endpoints = (...changed: readonly VpcEndpoint[]): readonly VpcEndpoint[] =>
  [...services.map((one) => endpoint(one)), gateway()].map(
    (one) => changed.find(({ id }) => id === one.id) ?? one,
  );
const without = (service: string) => endpoints().filter(({ id }) => id !== `vpce-${service}`);

const table = (changes: Partial<RouteTable> = {}): RouteTable => ({
  id: 'rtb-1',
  vpcId,
  main: true,
  subnetIds: [subnetId],
  routes: [{ destination: s3List, target: 'vpce-s3', active: true }],
  ...changes,
});

const letsIn = (changes: Partial<Rule> = {}): Rule => ({
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  peer: { kind: 'ipv4', cidr: '10.20.0.0/16' },
  ...changes,
});

const groupsWith = (...rules: readonly Rule[]): ForensicFacts['endpointGroups'] => ({
  known: true,
  value: [{ id: endpointGroupId, name: 'endpoints', vpcId, ownerId: accountId, rules }],
});

const read = <Value>(value: Value) => ({ known: true as const, value });
const unread = { known: false, why: 'AccessDenied: no' } as const;
const online: Agent = { online: true, version: '3.3.1000.0' };

const facts = (changes: Partial<ForensicFacts> = {}): ForensicFacts => ({
  profile: 'forensic',
  hasAllowList: false,
  accountId,
  networkInterface: interfaceWith(),
  isolationGroupIds: [isolationGroupId],
  bucket,
  endpoints: read(endpoints()),
  endpointGroups: groupsWith(letsIn()),
  routeTables: read([table()]),
  agent: read(online),
  ...changes,
});

const missingIn = (changes: Partial<ForensicFacts>): readonly string[] => {
  const path = forensicPath(facts(changes));
  return path.state === 'missing' ? path.missing : [path.state];
};

describe('the forensic path', () => {
  it('is there where endpoints, their groups, the way to the bucket and the agent are', () => {
    expect(forensicPath(facts())).toEqual({
      state: 'there',
      sentence: expect.stringMatching(/^there: /),
    });
  });

  it.each<[string, Partial<ForensicFacts>, string]>([
    ['the endpoint for Systems Manager', { endpoints: read(without('ssm')) }, 'ssm-endpoint'],
    [
      'the endpoint for messages',
      { endpoints: read(without('ssmmessages')) },
      'ssmmessages-endpoint',
    ],
    ['the gateway for S3', { endpoints: read(without('s3')) }, 'upload-way'],
    [
      'private DNS',
      { endpoints: read(endpoints(endpoint('ssm', { privateDns: false }))) },
      'private-dns',
    ],
    ['a rule that lets the host in', { endpointGroups: groupsWith() }, 'endpoint-inbound'],
    [
      'the range of the host',
      { endpointGroups: groupsWith(letsIn({ peer: { kind: 'ipv4', cidr: '10.9.0.0/16' } })) },
      'endpoint-inbound',
    ],
    [
      'the port',
      { endpointGroups: groupsWith(letsIn({ fromPort: 80, toPort: 80 })) },
      'endpoint-inbound',
    ],
    [
      'a rule for a group that the host keeps',
      {
        endpointGroups: groupsWith(letsIn({ peer: { kind: 'group', id: 'sg-0123456789abcdef0' } })),
      },
      'endpoint-inbound',
    ],
    [
      'a rule that lets in, beside one that lets out',
      { endpointGroups: groupsWith(letsIn({ direction: 'egress' })) },
      'endpoint-inbound',
    ],
    [
      'the own account in the policy',
      { endpoints: read(endpoints(endpoint('ssmmessages', { policy: '{"Statement": []}' }))) },
      'endpoint-policy',
    ],
    ['the bucket', { bucket: '' }, 'upload-bucket'],
    ['the route', { routeTables: read([table({ routes: [] })]) }, 'upload-way'],
    [
      'a policy for the bucket alone',
      { endpoints: read(endpoints(gateway({ policy: uploadPolicy({ Resource: '*' }) }))) },
      'upload-way',
    ],
    [
      'the right to put objects',
      { endpoints: read(endpoints(gateway({ policy: uploadPolicy({ Action: 's3:GetObject' }) }))) },
      'upload-way',
    ],
    ['the agent', { agent: read(undefined) }, 'agent'],
    ['the agent’s connection', { agent: read({ online: false }) }, 'agent'],
    ['an interface', { networkInterface: undefined }, 'interface'],
  ])('misses %s, and says what to do', (_, changes, missing) => {
    expect(missingIn(changes)).toEqual([missing]);
  });

  it('lets the host in by its address, by all protocols, or by its isolation group', () => {
    const { fromPort: _from, toPort: _to, ...all } = letsIn({ protocol: '-1' });
    for (const rule of [letsIn({ protocol: '6', fromPort: 0, toPort: 65_535 }), all]) {
      expect(forensicPath(facts({ endpointGroups: groupsWith(rule) })).state).toBe('there');
    }
    const byGroup = groupsWith(letsIn({ peer: { kind: 'group', id: isolationGroupId } }));
    expect(forensicPath(facts({ endpointGroups: byGroup })).state).toBe('there');
  });

  it.each([
    ['3.3.39.9', ['ec2messages-endpoint']],
    ['3.2', ['ec2messages-endpoint']],
    ['2.9.9.9', ['ec2messages-endpoint']],
    ['3.3.40.0', ['there']],
    ['3.3.40', ['there']],
    ['3.10.0.0', ['there']],
    ['4.0', ['there']],
  ])('needs ec2messages for an agent older than 3.3.40.0: %s', (version, expected) => {
    const agent = read({ online: true, version });
    expect(missingIn({ endpoints: read(without('ec2messages')), agent })).toEqual(expected);
  });

  it.each<[string, Partial<ForensicFacts>, RegExp]>([
    ['the agent', { agent: unread }, /agent is online could not be read \(AccessDenied: no\)/],
    ['the endpoints', { endpoints: unread }, /VPC endpoints could not be read/],
    ['the groups', { endpointGroups: unread }, /groups of vpce-ssm could not be read/],
    [
      'a group of another account',
      { endpointGroups: read([]) },
      /what sg-00000000000000e01 of vpce-ssm lets in/,
    ],
    ['the routes', { routeTables: unread }, /route tables could not be read/],
    [
      'the table of the subnet',
      { routeTables: read([]) },
      /route table of subnet-\S+ was not found/,
    ],
    [
      'a prefix list',
      { endpointGroups: groupsWith(letsIn({ peer: { kind: 'prefix-list', id: 'pl-1' } })) },
      /prefix list/,
    ],
    [
      'a policy with more words',
      {
        endpoints: read(endpoints(endpoint('ssm', { policy: uploadPolicy({ Action: 'ssm:*' }) }))),
      },
      /policy of vpce-ssm/,
    ],
    [
      'another condition of the bucket',
      {
        endpoints: read(
          endpoints(gateway({ policy: uploadPolicy({ Condition: { Bool: { x: 'y' } } }) })),
        ),
      },
      /policy of vpce-s3/,
    ],
  ])('is unknown, and says so, where %s could not be read or understood', (_, changes, words) => {
    const path = forensicPath(facts(changes));
    expect(path.state).toBe('unknown');
    expect(path.sentence).toMatch(words);
  });

  it('names what is missing before what is not known', () => {
    const path = forensicPath(facts({ bucket: '', agent: unread }));
    expect(path).toMatchObject({ state: 'missing', missing: ['upload-bucket'] });
    expect(path.sentence).toMatch(/^missing: no bucket is set.*; not known: whether the agent/);
  });

  it('is missing under full isolation by design, and names whatever else is missing then', () => {
    const path = forensicPath(facts({ profile: 'full', bucket: '' }));
    expect(path).toMatchObject({ state: 'missing', missing: ['profile', 'upload-bucket'] });
    expect(path.sentence).toContain('by design');
    expect(path.sentence).toContain('IsolationProfile=forensic');
  });

  it('is not opened under egress-lockdown, whose allow list nobody judges', () => {
    expect(missingIn({ profile: 'egress-lockdown' })).toEqual(['profile']);
    expect(missingIn({ profile: 'egress-lockdown', hasAllowList: true })).toEqual(['unknown']);
  });

  it('is told by the profile alone where nothing is read', () => {
    expect(forensicPathUnder('full', false)).toMatchObject({ missing: ['profile'] });
    expect(forensicPathUnder('egress-lockdown', true)).toMatchObject({ state: 'unknown' });
    expect(forensicPathUnder('forensic', false)).toBeUndefined();
  });
});

describe('the forensic path, whatever others wrote into what is read', () => {
  const anyEndpoint = fc.record({
    id: fc.oneof(fc.constantFrom('vpce-1', 'vpce-s3'), anyText()),
    vpcId: fc.oneof(fc.constant(vpcId), anyText()),
    serviceName: fc.oneof(fc.constantFrom('x.ssm', 'x.ssmmessages', 'x.s3'), anyText()),
    type: fc.constantFrom('interface', 'gateway'),
    groupIds: fc.array(fc.oneof(fc.constant(endpointGroupId), anyText())),
    privateDns: fc.boolean(),
    policy: fc.oneof(anyText(), fc.json(), fc.constant(uploadPolicy())),
  });
  const anyAgent = fc.record({ online: fc.boolean(), version: anyText() });
  const pathOf = (some: readonly VpcEndpoint[], agent: Agent): ForensicPath =>
    forensicPath(facts({ endpoints: read(some), agent: read(agent) }));

  it('is judged, in one sentence that a report has room for', () => {
    fc.assert(
      fc.property(fc.array(anyEndpoint), anyAgent, (some, agent) => {
        const { state, sentence } = pathOf(some, agent);
        expect(['there', 'missing', 'unknown']).toContain(state);
        expect(sentence.length).toBeGreaterThan(0);
        expect(sentence.length).toBeLessThanOrEqual(900);
      }),
    );
  });

  it('is never there by a policy of S3 that leads anywhere but the bucket', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.webUrl(), fc.constant('*')), (resource) => {
        fc.pre(!resource.startsWith(`arn:aws:s3:::${bucket}/`));
        const policy = uploadPolicy({ Resource: [`arn:aws:s3:::${bucket}/*`, resource] });
        expect(pathOf(endpoints(gateway({ policy })), online).state).not.toBe('there');
      }),
    );
  });
});
