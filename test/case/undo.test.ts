import { describe, expect, it } from 'vitest';
import type { UndoKnowledge } from '../../src/case/undo.ts';
import { undoSteps } from '../../src/case/undo.ts';
import {
  beforeWith,
  instanceId,
  instanceWith,
  interfaceWith,
  membershipWith,
  targetGroupArn,
  targetWith,
  volumeWith,
} from './sample-before.ts';
import { caseWith } from './sample-report.ts';

const knowledgeWith = (changes: Partial<UndoKnowledge> = {}): UndoKnowledge => ({
  before: beforeWith(),
  originals: { 'eni-0a1b2c3d4e5f60718': ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'] },
  targets: [],
  loadBalancers: [],
  ...changes,
});

const commands = (changes: Partial<UndoKnowledge> = {}) =>
  undoSteps(caseWith(), knowledgeWith(changes)).split('\n');

const released = `aws ec2 create-tags --region us-east-1 --resources ${instanceId} --tags Key=cordon:status,Value=released`;

const unprotected = instanceWith({
  protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
  volumes: [volumeWith({ deleteOnTermination: false })],
});

const member = { known: true, membership: membershipWith() } as const;

describe('undoing the network', () => {
  it('gives every interface its own groups back, all of them', () => {
    const second = interfaceWith({ id: 'eni-second' });
    const instance = { ...unprotected, networkInterfaces: [interfaceWith(), second] };
    expect(
      commands({
        before: beforeWith({ instance }),
        originals: {
          'eni-0a1b2c3d4e5f60718': ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'],
          'eni-second': ['sg-0123456789abcdef2'],
        },
      }),
    ).toEqual([
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
    expect(commands().slice(1, 5)).toEqual([
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
      targets: [targetWith({ viaAutoScaling: true })],
    });
    expect(undo).toContain(
      `aws autoscaling attach-instances --region us-east-1 --instance-ids ${instanceId} --auto-scaling-group-name web`,
    );
    expect(undo.join('\n')).not.toContain('register-targets');
  });

  it('registers again what somebody registered by hand: port and zone as they were', () => {
    expect(
      commands({
        targets: [
          targetWith({ port: 8080 }),
          targetWith({ targetId: '10.20.1.15', port: 443, zone: 'all' }),
        ],
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
      loadBalancers: ['of-the-group', 'by-hand'],
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
  it('is the status, which the watch looks at, then protection, network, Auto Scaling and load balancers', () => {
    const services = commands({
      before: beforeWith({ autoScaling: member }),
      targets: [targetWith()],
      loadBalancers: ['classic'],
    }).map((command) => command.split(' ').slice(1, 3).join(' '));
    expect([...new Set(services)]).toEqual([
      'ec2 create-tags',
      'ec2 modify-instance-attribute',
      'ec2 modify-network-interface-attribute',
      'autoscaling attach-instances',
      'elbv2 register-targets',
      'elb register-instances-with-load-balancer',
    ]);
  });
});

describe('where the before-state is only in the tags', () => {
  it('says which tags, when nothing was described', () => {
    const undo = undoSteps(caseWith());
    expect(undo).toContain('cordon:before:*');
    expect(undo).toContain('cordon:original-groups');
    expect(undo).toContain(instanceId);
  });

  it('does not take the isolated state of a repeat for the original one', () => {
    const before = beforeWith({ repeat: true, autoScaling: member });
    const undo = undoSteps(caseWith(), knowledgeWith({ before, originals: {} }));
    expect(undo).toBe(undoSteps(caseWith()));
  });

  it('says so beside the commands, when a repeat moved one interface more', () => {
    const undo = commands({ before: beforeWith({ repeat: true }) });
    expect(undo[0]).toBe(released);
    expect(undo[1]).toContain('--groups sg-0123456789abcdef0 sg-0123456789abcdef1');
    expect(undo[2]).toMatch(/^# .*cordon:before/);
    expect(undo).toHaveLength(3);
  });
});
