import { describe, expect, it } from 'vitest';
import { useScene } from './by-hand.ts';
import { expectSameMemory, happyPath, mishaps } from './second-run.ts';

/** A sample of `npm run campaign`, which does this after every mutating call of the happy path. */

const scenes = useScene();

describe('A second run', () => {
  // fault B1
  // fault B2
  it('of a contained instance prints the undo of the first, and leaves its tags as they are', async () => {
    const scene = await scenes.open();
    const { memory } = await happyPath(scene);
    expect(memory).toMatchInlineSnapshot(`
      {
        "tags": {
          "interface-0 cordon:before:idle-timeouts": [
            "tcp=default udp-stream=default udp=default",
          ],
          "interface-0 cordon:original-groups": [
            "group-web",
          ],
          "interface-1 cordon:before:idle-timeouts": [
            "tcp=default udp-stream=default udp=default",
          ],
          "interface-1 cordon:original-groups": [
            "group-web group-admin",
          ],
          "the-instance cordon:before:asg": [
            "web InService protected=0",
          ],
          "the-instance cordon:before:elb": [
            "web-classic",
          ],
          "the-instance cordon:before:profile": [
            "arn:aws:iam::123456789012:instance-profile/web-server",
          ],
          "the-instance cordon:before:protect": [
            "term=0 stop=0 shutdown=terminate imds=enabled",
          ],
          "the-instance cordon:before:tg": [
            "web-admin/target-group-override the-instance 9000 -",
            "web-direct/target-group-address address-1 8443 -",
            "web/target-group-web the-instance 80 - via-asg",
          ],
          "volume-/dev/sda1 cordon:before:dot": [
            "/dev/sda1 delete=1",
          ],
          "volume-/dev/sdf cordon:before:dot": [
            "/dev/sdf delete=0",
          ],
          "volume-/dev/sdg cordon:before:dot": [
            "/dev/sdg delete=0",
          ],
        },
        "undo": [
          "cordon release the-instance --region us-east-1",
          "# Or, where that command is not at hand, the same as AWS commands:",
          "aws ec2 create-tags --region us-east-1 --resources the-instance --tags Key=cordon:status,Value=released",
          "# The default for TCP is 350 on Nitro v6 instances.",
          "aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id interface-0 --connection-tracking-specification TcpEstablishedTimeout=432000,UdpStreamTimeout=180,UdpTimeout=30",
          "# The default for TCP is 350 on Nitro v6 instances.",
          "aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id interface-1 --connection-tracking-specification TcpEstablishedTimeout=432000,UdpStreamTimeout=180,UdpTimeout=30",
          "aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id interface-0 --groups group-web",
          "aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id interface-1 --groups group-web group-admin",
          "aws elbv2 register-targets --region us-east-1 --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-admin/target-group-override --targets Id=the-instance,Port=9000",
          "aws elbv2 register-targets --region us-east-1 --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-direct/target-group-address --targets Id=address-1,Port=8443",
          "aws elb register-instances-with-load-balancer --region us-east-1 --load-balancer-name web-classic --instances the-instance",
          "# Attaching raises the desired capacity by one; where the group is at its maximum, raise that first.",
          "aws autoscaling attach-instances --region us-east-1 --auto-scaling-group-name web --instance-ids the-instance",
          "aws ec2 modify-instance-attribute --region us-east-1 --instance-id the-instance --no-disable-api-termination",
          "aws ec2 modify-instance-attribute --region us-east-1 --instance-id the-instance --no-disable-api-stop",
          "aws ec2 modify-instance-attribute --region us-east-1 --instance-id the-instance --instance-initiated-shutdown-behavior terminate",
          "aws ec2 modify-instance-attribute --region us-east-1 --instance-id the-instance --block-device-mappings '[{"DeviceName":"/dev/sda1","Ebs":{"DeleteOnTermination":true}}]'",
        ],
      }
    `);
    await expectSameMemory(scene, memory);
  });

  // fault B1
  // fault A3
  it.each(Object.entries(mishaps))(
    'remembers what was before the first, which was %s',
    async (_mishap, befall) => {
      const clean = await happyPath(await scenes.open());
      for (const calls of [1, Math.ceil(clean.calls.length / 2)]) {
        const scene = await scenes.open();
        await befall(scene, calls);
        await expectSameMemory(scene, clean.memory);
      }
    },
  );
});
