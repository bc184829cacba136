import { DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readManagedAgent } from '../../src/aws/managed-agent.ts';
import { describeFunction } from '../../src/functions/describe.ts';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { readForensicPath } from '../../src/steps/describing/read-forensic-path.ts';
import { anyText } from '../case/any-text.ts';
import { denied } from './aws-error.ts';
import { profileScene } from './profile-scene.ts';
import { aCase, instanceId, region } from './sample-instance.ts';

const never = () => new Promise(() => {});

const scene = async () => {
  const { aws, describe } = profileScene({ settings: { isolationProfile: 'forensic' } });
  const { before } = await describe();
  const { clients, clock, settings } = aws.deps;
  const path = () => readForensicPath(clients, clock, settings, before, 'forensic');
  return { aws, path };
};

describe('reading the forensic path', () => {
  it('names everything that a VPC without endpoints lacks', async () => {
    const { aws, path } = await scene();
    aws.ssm.on(DescribeInstanceInformationCommand).resolves({});
    expect(await path()).toMatchObject({
      state: 'missing',
      missing: ['ssm-endpoint', 'ssmmessages-endpoint', 'upload-bucket', 'agent'],
    });
  });

  it('says what it may not read, and never throws', async () => {
    const { aws, path } = await scene();
    aws.ssm.on(DescribeInstanceInformationCommand).rejects(denied());
    aws.ec2.on(DescribeVpcEndpointsCommand).rejects(denied());
    const { state, sentence } = await path();
    expect(state).toBe('missing');
    expect(sentence).toContain('the VPC endpoints could not be read (UnauthorizedOperation');
    expect(sentence).toContain('whether the agent is online could not be read');
  });

  it('gives up after two and a half seconds what is never answered', async () => {
    const { aws, path } = await scene();
    aws.ssm.on(DescribeInstanceInformationCommand).callsFake(never);
    const began = aws.clock.elapsed;
    expect((await path()).sentence).toContain('did not answer');
    expect(aws.clock.elapsed - began).toBe(2_500);
  });

  it('believes no version that the host made up, and no other instance', async () => {
    const { aws } = await scene();
    const agentWith = async (AgentVersion: string) => {
      aws.ssm.on(DescribeInstanceInformationCommand).resolves({
        InstanceInformationList: [
          { InstanceId: 'i-00000000000000bad', PingStatus: 'Online' },
          { InstanceId: instanceId, PingStatus: 'ConnectionLost', AgentVersion },
        ],
      });
      return readManagedAgent(aws.deps.clients.ssm, instanceId);
    };
    expect(await agentWith('3.3.40.0')).toEqual({ online: false, version: '3.3.40.0' });
    await fc.assert(
      fc.asyncProperty(anyText(), async (version) => {
        fc.pre(!/^[\d.]+$/.test(version));
        expect(await agentWith(version)).toEqual({ online: false });
      }),
    );
  });
});

describe('describe, and the forensic path', () => {
  const run = async (dryRun: boolean) => {
    const { aws } = profileScene({ settings: { isolationProfile: 'forensic' } });
    aws.ssm.on(DescribeInstanceInformationCommand).callsFake(never);
    const { trigger: _trigger, ...asked } = aCase({ dryRun });
    const { detail } = await describeFunction.run(
      { ...aws.deps, region },
      { ...asked, instanceId, region },
    );
    return { aws, detail };
  };

  it('reads it in a dry run', async () => {
    const { aws, detail } = await run(true);
    expect(detail).toMatchObject({ forensicPath: { state: 'missing' } });
    expect(aws.ssm.calls()).toHaveLength(1);
  });

  it('asks nothing for it before a cut, so that the cut waits for nothing', async () => {
    const { aws, detail } = await run(false);
    expect(detail).not.toHaveProperty('forensicPath');
    expect(aws.ssm.calls()).toHaveLength(0);
    expect(aws.ec2.commandCalls(DescribeVpcEndpointsCommand)).toHaveLength(0);
    expect(aws.clock.elapsed).toBe(0);
  });

  it('says without reading that full isolation leaves none', async () => {
    const { aws } = profileScene();
    const { detail } = await describeStep(aws.deps, { instanceId, region });
    expect(detail.forensicPath).toMatchObject({ state: 'missing', missing: ['profile'] });
  });
});
