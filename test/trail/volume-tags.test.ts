import { describe, expect, it } from 'vitest';
import { snapshotTags, snapshotVolumeTags, volumeTags } from '../../src/trail/volume-tags.ts';
import { instanceId, volumeWith } from '../case/sample-before.ts';
import { caseId } from '../case/sample-report.ts';

describe('the trail on a volume', () => {
  it('says whether it was to be deleted with the instance', () => {
    expect(volumeTags(caseId, volumeWith())).toEqual({
      'cordon:case': caseId,
      'cordon:before:dot': '/dev/xvda delete=1',
    });
    expect(volumeTags(caseId, volumeWith({ device: 'xvdb', deleteOnTermination: false }))).toEqual({
      'cordon:case': caseId,
      'cordon:before:dot': 'xvdb delete=0',
    });
  });
});

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
