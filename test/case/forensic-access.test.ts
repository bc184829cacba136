import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VpcEndpoint } from '../../src/case/forensic-access.ts';
import { evidenceWay, systemsManagerGroups } from '../../src/case/forensic-access.ts';
import type { RouteTable } from '../../src/case/route-table.ts';
import { anyText } from './any-text.ts';
import { interfaceWith, subnetId, vpcId } from './sample-before.ts';

const bucket = 'evidence.example-1';
const bucketArn = `arn:aws:s3:::${bucket}`;
const s3List = 'pl-63a5400a';
const endpointGroup = 'sg-00000000000000e01';

const endpointWith = (changes: Partial<VpcEndpoint> = {}): VpcEndpoint => ({
  id: 'vpce-00000000000000001',
  vpcId,
  serviceName: 'com.amazonaws.us-east-1.ssm',
  type: 'interface',
  groupIds: [endpointGroup],
  ...changes,
});

/** One statement that allows; what is undefined stands not in it. */
const allowing = (changes: object = {}): object => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:*',
  Resource: [bucketArn, `${bucketArn}/*`],
  ...changes,
});

const policyOf = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const gatewayWith = (changes: Partial<VpcEndpoint> = {}): VpcEndpoint =>
  endpointWith({
    id: 'vpce-000000000000000a3',
    serviceName: 'com.amazonaws.us-east-1.s3',
    type: 'gateway',
    groupIds: [],
    policy: policyOf(allowing()),
    ...changes,
  });

const routeTo = (destination: string, target: string) => ({ destination, target, active: true });
const local = routeTo('10.20.0.0/16', 'local');

const tableWith = (changes: Partial<RouteTable> = {}): RouteTable => ({
  id: 'rtb-1',
  vpcId,
  main: false,
  subnetIds: [subnetId],
  routes: [local, routeTo(s3List, gatewayWith().id)],
  ...changes,
});

const wayOf = (
  endpoints: readonly VpcEndpoint[] = [gatewayWith()],
  tables: readonly RouteTable[] = [tableWith()],
) => evidenceWay(interfaceWith(), endpoints, tables, bucket);

const wayUnder = (policy: string | undefined) => {
  const { policy: _policy, ...gateway } = gatewayWith();
  return wayOf([policy === undefined ? gateway : { ...gateway, policy }]);
};

const open = { open: true, prefixListId: s3List };

describe('the groups of the Systems Manager endpoints', () => {
  it('are those of the three services that the agent talks to, each once', () => {
    const services = ['ssm', 'ssmmessages', 'ec2messages'].map((name, index) =>
      endpointWith({
        id: `vpce-${index}`,
        serviceName: `com.amazonaws.us-east-1.${name}`,
        groupIds: [endpointGroup, `sg-${index}`],
      }),
    );
    expect(systemsManagerGroups(services, vpcId)).toEqual([endpointGroup, 'sg-0', 'sg-1', 'sg-2']);
  });

  it('are found in China, where the names of services begin otherwise', () => {
    const serviceName = 'cn.com.amazonaws.cn-north-1.ssmmessages';
    expect(systemsManagerGroups([endpointWith({ serviceName })], vpcId)).toEqual([endpointGroup]);
  });

  it.each([
    ['another service', { serviceName: 'com.amazonaws.us-east-1.ec2' }],
    ['a service whose name begins alike', { serviceName: 'com.amazonaws.us-east-1.ssm-contacts' }],
    ['a service whose name ends alike', { serviceName: 'com.amazonaws.us-east-1.notssm' }],
    ["somebody's own service", { serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123' }],
    ['another VPC', { vpcId: 'vpc-0000000000000000b' }],
    ['a gateway', { type: 'gateway' }],
  ] as const)('are not those of %s', (_what, change) => {
    expect(systemsManagerGroups([endpointWith(change)], vpcId)).toEqual([]);
  });

  it('are none where there is no endpoint', () => {
    expect(systemsManagerGroups([], vpcId)).toEqual([]);
  });
});

describe('the way of an interface to the evidence bucket', () => {
  it('is open where its subnet leads to a gateway endpoint for that bucket alone', () => {
    expect(wayOf()).toEqual(open);
  });

  it('is that of the main table where the subnet has none of its own', () => {
    expect(wayOf(undefined, [tableWith({ main: true, subnetIds: [] })])).toEqual(open);
  });

  it('is closed where the table of the subnet lacks the route that the main table has', () => {
    const tables = [
      tableWith({ id: 'rtb-main', main: true, subnetIds: [] }),
      tableWith({ routes: [local] }),
    ];
    expect(wayOf(undefined, tables)).toEqual({
      open: false,
      why: `${subnetId} has no route to a gateway endpoint for S3`,
    });
  });

  it('is closed where the route is that of another subnet', () => {
    const tables = [
      tableWith({ subnetIds: ['subnet-other'] }),
      tableWith({ id: 'rtb-main', main: true, subnetIds: [], routes: [local] }),
    ];
    expect(wayOf(undefined, tables).open).toBe(false);
  });

  it('is closed where nothing is known of the routes', () => {
    const unknown = { open: false, why: `the routes of ${subnetId} are unknown` };
    expect(wayOf(undefined, [])).toEqual(unknown);
    const elsewhere = tableWith({ main: true, subnetIds: [], vpcId: 'vpc-0000000000000000b' });
    expect(wayOf(undefined, [elsewhere])).toEqual(unknown);
    expect(wayOf(undefined, [tableWith({ routes: [] })]).open).toBe(false);
  });

  it.each([
    ['another service', { serviceName: 'com.amazonaws.us-east-1.dynamodb' }],
    ['S3 Express', { serviceName: 'com.amazonaws.us-east-1.s3express' }],
    ['S3, of another VPC', { vpcId: 'vpc-0000000000000000b' }],
    ['S3, and is an interface', { type: 'interface' }],
  ] as const)('is closed where the endpoint is for %s', (_what, change) => {
    expect(wayOf([gatewayWith(change)]).open).toBe(false);
  });

  it('is closed where the prefix list leads elsewhere, to the internet for one', () => {
    const routes = [routeTo(s3List, 'igw-0123456789abcdef0')];
    expect(wayOf(undefined, [tableWith({ routes })]).open).toBe(false);
  });

  it('is that to S3 where the subnet has a gateway endpoint for DynamoDB as well', () => {
    const dynamo = gatewayWith({
      id: 'vpce-000000000000000dd',
      serviceName: 'com.amazonaws.us-east-1.dynamodb',
    });
    const routes = [routeTo('pl-02cd2c6b', dynamo.id), routeTo(s3List, gatewayWith().id)];
    expect(wayOf([dynamo, gatewayWith()], [tableWith({ routes })])).toEqual(open);
  });

  it('is judged by the policy of the endpoint that the route leads to, not of another', () => {
    const wide = gatewayWith({
      id: 'vpce-000000000000000a4',
      policy: policyOf(allowing({ Resource: '*' })),
    });
    const routes = [routeTo(s3List, wide.id)];
    expect(wayOf([gatewayWith(), wide], [tableWith({ routes })])).toEqual({
      open: false,
      why: `the policy of ${wide.id} allows more than ${bucket}`,
    });
  });
});

describe('the policy of the gateway endpoint', () => {
  const refused = {
    open: false,
    why: `the policy of ${gatewayWith().id} allows more than ${bucket}`,
  };

  it.each([
    ['the bucket and what is in it', policyOf(allowing())],
    ['one string for one resource', policyOf(allowing({ Resource: `${bucketArn}/*` }))],
    ['one folder of the bucket', policyOf(allowing({ Resource: [`${bucketArn}/cases/*`] }))],
    ['several statements', policyOf(allowing(), allowing({ Resource: bucketArn }))],
    ['one statement outside a list', JSON.stringify({ Statement: allowing() })],
    [
      'a statement that denies, whatever it denies',
      policyOf(
        allowing(),
        { Effect: 'Deny', Principal: '*', Action: 's3:Delete*', Resource: '*' },
        { Effect: 'Deny', Principal: '*', Action: '*', NotResource: `${bucketArn}/*` },
      ),
    ],
    ['the partition of China', policyOf(allowing({ Resource: `arn:aws-cn:s3:::${bucket}/*` }))],
    ['GovCloud', policyOf(allowing({ Resource: `arn:aws-us-gov:s3:::${bucket}/*` }))],
  ])('opens the way with %s', (_what, policy) => {
    expect(wayUnder(policy)).toEqual(open);
  });

  it.each([
    [
      'is the default, which allows everything',
      policyOf({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
    ],
    ['names all buckets', policyOf(allowing({ Resource: 'arn:aws:s3:::*' }))],
    ['names what begins like the bucket', policyOf(allowing({ Resource: `${bucketArn}*` }))],
    ['names a longer bucket', policyOf(allowing({ Resource: `${bucketArn}-public/*` }))],
    ['names a shorter bucket', policyOf(allowing({ Resource: 'arn:aws:s3:::evidence/*' }))],
    [
      'names a bucket with another character where this one has a dot',
      policyOf(allowing({ Resource: 'arn:aws:s3:::evidence-example-1/*' })),
    ],
    [
      'leaves one character open',
      policyOf(allowing({ Resource: 'arn:aws:s3:::evidence?example-1/*' })),
    ],
    ['names one bucket more', policyOf(allowing({ Resource: [bucketArn, 'arn:aws:s3:::loot/*'] }))],
    ['has one statement more', policyOf(allowing(), allowing({ Resource: '*' }))],
    [
      'excludes instead of naming',
      policyOf(allowing({ Resource: undefined, NotResource: `${bucketArn}/*` })),
    ],
    ['excludes as well as names', policyOf(allowing({ NotResource: 'arn:aws:s3:::loot/*' }))],
    ['names no resource', policyOf(allowing({ Resource: undefined }))],
    [
      'names the bucket in a service that is not S3',
      policyOf(allowing({ Resource: `arn:aws:s3-outposts:::${bucket}` })),
    ],
    ['only denies', policyOf({ Effect: 'Deny', Action: '*', Resource: '*' })],
    ['has an effect that nobody knows', policyOf(allowing(), { Effect: 'allow', Resource: '*' })],
    ['has no statement', policyOf()],
    ['has no list of statements', '{"Version":"2012-10-17"}'],
    ['is cut short', policyOf(allowing()).slice(0, -3)],
    ['is empty', ''],
    ['is JSON, and no policy', '[]'],
    ['is a word', '"Allow"'],
    ['has resources that are no text', policyOf(allowing({ Resource: [bucketArn, 7] }))],
    ['is not known', undefined],
  ])('keeps the way closed when it %s', (_what, policy) => {
    expect(wayUnder(policy)).toEqual(refused);
  });

  it('never opens the way to a resource that is not in the bucket, whatever else it says', () => {
    const resources = fc
      .oneof(
        anyText(),
        fc.constantFrom(
          '*',
          'arn:aws:s3:::*',
          `${bucketArn}x/*`,
          `${bucketArn}*`,
          'arn:aws:s3:::?',
        ),
        fc.tuple(fc.constantFrom('', 'arn:aws:s3:::'), anyText()).map((parts) => parts.join('')),
      )
      .filter((text) => text !== bucketArn && !text.startsWith(`${bucketArn}/`));
    const statements = fc.array(fc.constantFrom(allowing(), { Effect: 'Deny', Resource: '*' }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(resources, statements, fc.boolean(), (resource, others, listed) => {
        const Resource = listed ? [bucketArn, resource] : resource;
        expect(wayUnder(policyOf(...others, allowing({ Resource })))).toEqual(refused);
      }),
    );
  });

  it('is read without complaint, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.json()), (policy) => {
        expect(wayUnder(policy)).toEqual(refused);
      }),
    );
  });
});
