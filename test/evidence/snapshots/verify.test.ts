import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { verifySnapshot } from '../../../src/evidence/snapshots/verify.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import { fakeSnapshots } from './fake-snapshots.ts';

const id = 'snap-00000000000000001';

const scene = (settings: Partial<Settings> = {}) => {
  const aws = fakeAws(settings);
  const world = fakeSnapshots(aws, [{ SnapshotId: id, State: 'completed' }]);
  const piece = { collector: 'snapshots', name: id, what: '', how: '', collectedAt: '', by: '' };
  const verify = (resource = id, note = '') =>
    verifySnapshot(aws.deps, { ...piece, resource, note });
  return { aws, world, verify };
};

describe('A snapshot that is on record', () => {
  it('holds while it is completed and nobody else has it', async () => {
    expect(await scene().verify()).toEqual({
      holds: true,
      observed: 'state completed, not locked, shared with nobody',
    });
  });

  it('holds where it is locked and shared with the examiners alone', async () => {
    const { world, verify } = scene({
      snapshotLock: 'governance',
      forensicAccountId: '999988887777',
    });
    world.locks.set(id, {
      SnapshotId: id,
      LockState: 'governance',
      LockExpiresOn: new Date('2027-03-01T00:00:00Z'),
    });
    world.shared.set(id, ['999988887777']);
    expect(await verify()).toEqual({
      holds: true,
      observed:
        'state completed, locked (governance) until 2027-03-01T00:00:00.000Z, shared with 999988887777',
    });
  });

  it('is judged by what its record says where the settings of the stack are not at hand', async () => {
    const { world, verify } = scene();
    world.shared.set(id, ['999988887777']);
    const note = '8 GiB, locked (governance) until 2027-03-01, shared with 999988887777';
    expect(await verify(id, note)).toMatchObject({ holds: false });
    world.locks.set(id, { SnapshotId: id, LockState: 'governance' });
    expect(await verify(id, note)).toMatchObject({ holds: true });
  });

  it('does not hold once its lock is gone, or somebody else may read it', async () => {
    const unlocked = scene({ snapshotLock: 'governance' });
    expect(await unlocked.verify()).toMatchObject({ holds: false });
    const { world, verify } = scene({ forensicAccountId: '999988887777' });
    world.shared.set(id, ['999988887777', '444455556666']);
    expect(await verify()).toMatchObject({
      holds: false,
      observed: expect.stringContaining('444455556666'),
    });
  });

  it('does not hold once it was deleted; that it could not be read is another thing', async () => {
    expect(await scene().verify('snap-00000000000000009')).toMatchObject({
      holds: false,
      observed: expect.stringContaining('somebody deleted it'),
    });
    const { aws, verify } = scene();
    aws.ec2.on(DescribeSnapshotsCommand).rejects(new Error('no answer'));
    expect(await verify()).toMatchObject({ holds: 'unknown' });
  });

  it('is not asked for by a name that is none', async () => {
    expect(await scene().verify('x" --all')).toMatchObject({ holds: false });
  });
});
