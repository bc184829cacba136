import { describe, expect, it } from 'vitest';
import { isolateCommands } from '../../src/case/isolate-commands.ts';
import { operatorAdvice } from '../../src/case/operator.ts';
import { evidenceRisks } from '../../src/case/risks/evidence.ts';
import { aBefore, anInstance, instanceId, region } from '../steps/sample-instance.ts';

describe('an instance that an AWS service manages', () => {
  // fault O10
  it.each([
    ['eks.amazonaws.com', 'kubectl cordon'],
    ['ecs.amazonaws.com', 'update-container-instances-state'],
    ['lambda.amazonaws.com', 'capacity provider'],
    ['new-service.amazonaws.com', 'take it out of use in new-service.amazonaws.com'],
  ])('is taken out of use in the way of %s, and cut off by the network ACL', (operator, way) => {
    const advice = operatorAdvice(operator);
    expect(advice).toContain(`Only ${operator} can change this instance`);
    expect(advice).toContain(way);
    expect(advice).toContain('network ACL');
  });

  // fault O10
  it('is never said to be movable by hand without a word of who can', () => {
    const before = aBefore({ instance: anInstance({ managedBy: 'eks.amazonaws.com' }) });
    const [first, ...commands] = isolateCommands({
      instanceId,
      region,
      before,
      prepared: undefined,
    });
    expect(first).toMatch(/^# Only eks\.amazonaws\.com can .*kubectl cordon/);
    expect(commands.length).toBeGreaterThan(0);
    const [risk] = evidenceRisks(before.instance).filter((one) => one.risk === 'managed-instance');
    expect(risk?.remedy).toContain('kubectl cordon');
  });
});
