import { describe, expect, it } from 'vitest';
import { resolved, standing } from './resolve.ts';
import { resource, template } from './stack.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
const logGroupName = /^[.\-_/#A-Za-z0-9]{1,512}$/;

const nameIn = (region: string, stackName: string, uuid: string): string =>
  String(
    resolved(
      standing(template, {
        'AWS::Region': region,
        'AWS::StackName': stackName,
        'AWS::StackId': `arn:aws:cloudformation:${region}:123456789012:stack/${stackName}/${uuid}`,
      }),
      resource(template, 'StateMachineLogGroup').Properties.LogGroupName,
    ),
  );

const first = '5f8b2c10-1a2b-11f1-8e9f-0a1b2c3d4e5f';
const second = '71d0c3a4-1a2b-11f1-8e9f-0a1b2c3d4e5f';

describe.each([
  ['us-east-1', 'cordon'],
  ['ap-southeast-4', 'cordon-prod-eu'],
  ['us-gov-west-1', 'a-b-c-d-e-f'],
  ['eu-central-1', 'c'.repeat(128)],
])('A log group that outlives its stack, in %s under the name %s', (region, stackName) => {
  // fault D4
  it('does not stand in the way of the next stack of the same name', () => {
    expect(nameIn(region, stackName, first)).not.toBe(nameIn(region, stackName, second));
  });

  // fault D4
  it('has a name that CloudWatch Logs takes, with the stack’s name and whole id in it', () => {
    const name = nameIn(region, stackName, first);
    expect(name).toMatch(logGroupName);
    expect(name).toBe(`/aws/vendedlogs/states/${stackName}-${first}`);
  });
});
