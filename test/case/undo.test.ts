import { describe, expect, it } from 'vitest';
import type { Before } from '../../src/case/before.ts';
import type { Former } from '../../src/case/former.ts';
import type { Now } from '../../src/case/now.ts';
import { undoSteps } from '../../src/case/undo/undo-steps.ts';
import { instanceNow } from '../../src/case/world-now.ts';
import { formerAsFound } from '../../src/record/trail/recall.ts';
import {
  beforeWith,
  instanceId,
  instanceWith,
  interfaceWith,
  membershipWith,
  region,
  targetGroupArn,
  targetWith,
  volumeWith,
} from './sample-before.ts';

/** The world when everything that Cordon asked for was accepted. */
const changed = (before: Before): Now => {
  const now = instanceNow(before.instance);
  return {
    ...now,
    protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
    interfaces: Object.fromEntries(
      Object.entries(now.interfaces).map(([id, one]) => [id, { ...one, groupIds: ['sg-cordon'] }]),
    ),
    volumes: Object.fromEntries(Object.keys(now.volumes).map((id) => [id, false])),
    lifecycleState: 'none',
    registered: [],
    loadBalancers: [],
  };
};

const commands = ({
  before = beforeWith(),
  former = {},
  now = {},
}: {
  readonly before?: Before;
  readonly former?: Partial<Former>;
  readonly now?: Partial<Now>;
} = {}) =>
  undoSteps({
    instanceId,
    region,
    former: { ...formerAsFound(before), ...former },
    now: { ...changed(before), ...now },
  }).split('\n');

const released = `aws ec2 create-tags --region us-east-1 --resources ${instanceId} --tags Key=cordon:status,Value=released`;

const unprotected = instanceWith({
  protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
  volumes: [volumeWith({ deleteOnTermination: false })],
});

const member = { known: true, membership: membershipWith() } as const;

describe('undoing the network', () => {
  it('gives every interface its own groups back, all of them', () => {
    const first = interfaceWith({ groupIds: ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'] });
    const second = interfaceWith({ id: 'eni-second', groupIds: ['sg-0123456789abcdef2'] });
    const instance = { ...unprotected, networkInterfaces: [first, second] };
    expect(commands({ before: beforeWith({ instance }) })).toEqual([
      `cordon release ${instanceId} --region us-east-1`,
      '# Or, where that command is not at hand, the same as AWS commands:',
      released,
      'aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id eni-0a1b2c3d4e5f60718 --groups sg-0123456789abcdef0 sg-0123456789abcdef1',
      'aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id eni-second --groups sg-0123456789abcdef2',
    ]);
  });

  it('says nothing about an interface whose groups nobody could change', () => {
    const instance = {
      ...unprotected,
      networkInterfaces: [interfaceWith({ requesterManaged: true })],
    };
    expect(commands({ before: beforeWith({ instance }) }).join()).not.toContain('eni-');
  });
});

describe('undoing the protection', () => {
  const modify = `aws ec2 modify-instance-attribute --region us-east-1 --instance-id ${instanceId}`;

  it('takes off what Cordon put on', () => {
    expect(commands().slice(-4)).toEqual([
      `${modify} --no-disable-api-termination`,
      `${modify} --no-disable-api-stop`,
      `${modify} --instance-initiated-shutdown-behavior terminate`,
      `${modify} --block-device-mappings '[{"DeviceName":"/dev/xvda","Ebs":{"DeleteOnTermination":true}}]'`,
    ]);
  });

  it('leaves on what was on before', () => {
    const undo = commands({ before: beforeWith({ instance: unprotected }) }).join('\n');
    expect(undo).not.toContain('modify-instance-attribute');
  });

  it('leaves alone what AWS did not tell', () => {
    const instance = instanceWith({ protection: {}, volumes: [] });
    const undo = commands({ before: beforeWith({ instance }) }).join('\n');
    expect(undo).not.toContain('modify-instance-attribute');
  });
});

describe('undoing Auto Scaling and load balancers', () => {
  it('attaches the instance again, which restores what the group registered', () => {
    const undo = commands({
      before: beforeWith({ autoScaling: member }),
      former: { targets: [targetWith({ viaAutoScaling: true })] },
    });
    expect(undo).toContain(
      `aws autoscaling attach-instances --region us-east-1 --auto-scaling-group-name web --instance-ids ${instanceId}`,
    );
    expect(undo.join('\n')).not.toContain('register-targets');
  });

  it('registers again what somebody registered by hand: port and zone as they were', () => {
    expect(
      commands({
        former: {
          targets: [
            targetWith({ port: 8080 }),
            targetWith({ targetId: '10.20.1.15', port: 443, zone: 'all' }),
          ],
        },
      }),
    ).toEqual(
      expect.arrayContaining([
        `aws elbv2 register-targets --region us-east-1 --target-group-arn ${targetGroupArn} --targets Id=${instanceId},Port=8080`,
        `aws elbv2 register-targets --region us-east-1 --target-group-arn ${targetGroupArn} --targets Id=10.20.1.15,Port=443,AvailabilityZone=all`,
      ]),
    );
  });

  it('registers with a classic load balancer unless the group does that', () => {
    const membership = membershipWith({ loadBalancerNames: ['of-the-group'] });
    const undo = commands({
      before: beforeWith({ autoScaling: { known: true, membership } }),
      former: { loadBalancers: ['of-the-group', 'by-hand'] },
    }).filter((command) => command.startsWith('aws elb '));
    expect(undo).toEqual([
      `aws elb register-instances-with-load-balancer --region us-east-1 --load-balancer-name by-hand --instances ${instanceId}`,
    ]);
  });

  it('does not guess where the membership could not be read', () => {
    const before = beforeWith({ autoScaling: { known: false, why: 'denied' } });
    expect(commands({ before }).join('\n')).not.toContain('autoscaling');
  });

  // threat D9
  it('writes names as one word for the shell, whatever they contain', () => {
    const membership = membershipWith({ groupName: "the team's web; reboot" });
    const before = beforeWith({ autoScaling: { known: true, membership } });
    const command = commands({ before }).find((one) => one.startsWith('aws autoscaling'));
    expect(command).toContain(`--auto-scaling-group-name 'the team'\\''s web; reboot'`);
  });
});

describe('the order of the undo', () => {
  it('is the command, or else the status, which the watch looks at, then network, load balancers, Auto Scaling, and protection last', () => {
    const services = commands({
      before: beforeWith({ autoScaling: member }),
      former: { targets: [targetWith()], loadBalancers: ['classic'] },
    })
      .filter((line) => !line.startsWith('#'))
      .map((command) => command.split(' ').slice(1, 3).join(' '));
    expect([...new Set(services)]).toEqual([
      `release ${instanceId}`,
      'ec2 create-tags',
      'ec2 modify-network-interface-attribute',
      'elbv2 register-targets',
      'elb register-instances-with-load-balancer',
      'autoscaling attach-instances',
      'ec2 modify-instance-attribute',
    ]);
  });
});

// fault B3
describe('what AWS did not accept', () => {
  it('is not undone: protections that a Spot instance never had', () => {
    const protection = { termination: false, stop: false, shutdownBehavior: 'stop' } as const;
    const undo = commands({ now: { protection } }).join('\n');
    expect(undo).not.toContain('disable-api');
    expect(undo).toContain('--instance-initiated-shutdown-behavior terminate');
  });

  it('is not undone: an interface that kept its groups, in whatever order AWS lists them', () => {
    const groupIds = ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'];
    const before = beforeWith({
      instance: instanceWith({ networkInterfaces: [interfaceWith({ groupIds })] }),
    });
    const interfaces = {
      [interfaceWith().id]: { groupIds: groupIds.toReversed(), publicAddresses: [] },
    };
    expect(commands({ before, now: { interfaces } }).join()).not.toContain('--groups');
  });

  it('is not undone: a registration that stayed', () => {
    const undo = commands({
      former: { targets: [targetWith(), targetWith({ port: 8080 })], loadBalancers: ['classic'] },
      now: { registered: [targetWith()], loadBalancers: ['classic'] },
    }).join('\n');
    expect(undo).toContain('Port=8080');
    expect(undo).not.toContain('Port=80\n');
    expect(undo).not.toContain('aws elb ');
  });

  it('leaves nothing to undo where nothing is otherwise than before', () => {
    const before = beforeWith();
    const now = { ...instanceNow(before.instance), lifecycleState: 'none', registered: [] };
    expect(undoSteps({ instanceId, region, former: formerAsFound(before), now })).toBe(
      'Nothing is otherwise than before: there is nothing to undo.',
    );
  });
});
