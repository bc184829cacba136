import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { isWarmUp } from '../../src/lambda/warm-up.ts';
import { letsThrough } from './event-pattern.ts';
import { stack } from './opted-in.ts';
import { at, list, resource } from './stack.ts';

const finding = JSON.parse(
  readFileSync(inProject('events', 'guardduty-command-and-control.json'), 'utf8'),
) as object;

/** What is on the path to the cut behind intake, and the detach that begins beside the cut. */
const onThePath = [
  'DescribeFunction',
  'DetachAutoScalingFunction',
  'PrepareIsolationFunction',
  'IsolateNetworkFunction',
];

describe.each(onThePath)('%s', (functionId) => {
  const rule = resource(stack, `${functionId}Warm`).Properties;

  it('is started by the findings that intake is started by', async () => {
    expect(rule.EventPattern).toEqual(resource(stack, 'TriggerRule').Properties.EventPattern);
    expect(rule.State).toEqual(resource(stack, 'TriggerRule').Properties.State);
    expect(await letsThrough(`${functionId}Warm`, finding)).toBe(true);
  });

  it('is handed nothing of the finding, and ends at once', () => {
    const targets = list(rule.Targets as object[]);
    expect(targets.map((target) => at(target, 'Arn', 'Fn::GetAtt', 0))).toEqual([functionId]);
    for (const target of targets) {
      expect(isWarmUp(JSON.parse(String(at(target, 'Input'))))).toBe(true);
    }
  });

  it('may be invoked by that rule', () => {
    expect(resource(stack, `${functionId}WarmPermission`).Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: functionId },
      SourceArn: { 'Fn::GetAtt': [`${functionId}Warm`, 'Arn'] },
    });
  });
});
