import { describe, expect, it } from 'vitest';
import { concernedGroups } from '../../src/case/concerned-groups.ts';
import { lockdownGroupName } from '../../src/case/isolation-group.ts';
import {
  anInstance,
  anInterface,
  anIsolationGroup,
  aTransitionGroup,
  isolationId,
  otherVpcId,
  transitionId,
  webGroup,
} from '../steps/sample-instance.ts';

const clone = (id: string, original: string) =>
  anIsolationGroup({ id, name: lockdownGroupName(original) });

const idsOf = (groupIds: readonly string[], groups: Parameters<typeof concernedGroups>[1]) =>
  concernedGroups(anInstance({ networkInterfaces: [anInterface({ groupIds })] }), groups).map(
    ({ id }) => id,
  );

describe('the groups that a case carries', () => {
  // fault O11
  it('are not the clones that earlier cases of other servers have left behind', () => {
    const left = Array.from({ length: 300 }, (_, number) =>
      clone(`sg-left${number}`, `sg-${String(number).padStart(17, '0')}`),
    );
    const groups = [anIsolationGroup(), aTransitionGroup(), ...left];
    expect(idsOf(['sg-aaaaaaaaaaaaaaaaa'], groups)).toEqual([isolationId, transitionId]);
  });

  // fault O11
  it('are the clone of a group that it has, and the clone that it is in', () => {
    const made = clone('sg-clone', webGroup);
    expect(idsOf([webGroup], [made])).toEqual(['sg-clone']);
    expect(idsOf(['sg-clone'], [made])).toEqual(['sg-clone']);
  });

  // fault O11
  it('are those of its own VPCs and its own account', () => {
    expect(
      idsOf(
        [webGroup],
        [
          anIsolationGroup({ id: 'sg-far', vpcId: otherVpcId }),
          anIsolationGroup({ id: 'sg-foreign', ownerId: '999999999999' }),
          anIsolationGroup(),
        ],
      ),
    ).toEqual([isolationId]);
  });
});
