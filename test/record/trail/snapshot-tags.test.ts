import { describe, expect, it } from 'vitest';
import { snapshotTags, snapshotVolumeTags } from '../../../src/record/trail/snapshot-tags.ts';
import { instanceId } from '../../case/sample-before.ts';
import { caseId } from '../../case/sample-report.ts';

describe('the trail on a snapshot', () => {
  it('names case and instance at creation, the same for all snapshots of the call', () => {
    expect(snapshotTags(caseId, instanceId)).toEqual({
      'cordon:case': caseId,
      'cordon:instance': instanceId,
    });
  });

  it('names volume and device afterwards, the device where it is known', () => {
    expect(snapshotVolumeTags('vol-1', '/dev/xvda')).toEqual({
      'cordon:volume': 'vol-1',
      'cordon:device': '/dev/xvda',
    });
    expect(snapshotVolumeTags('vol-1', undefined)).toEqual({ 'cordon:volume': 'vol-1' });
  });
});
