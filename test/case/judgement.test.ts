import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Control, ControlName } from '../../src/case/control.ts';
import { controlNames } from '../../src/case/control.ts';
import type { Evidence } from '../../src/case/judgement.ts';
import { judge } from '../../src/case/judgement.ts';
import {
  entryOf,
  failedEntryOf,
  isolatedEntry,
  isolationWith,
  proofWith,
  verificationWith,
  verifiedEntry,
} from './sample-report.ts';

const evidenceWith = (changes: Partial<Evidence> = {}): Evidence => ({
  dryRun: false,
  skip: undefined,
  finished: true,
  steps: [entryOf('describe'), isolatedEntry(), verifiedEntry()],
  isolation: isolationWith(),
  verification: verificationWith(),
  ...changes,
});

const withProof = (changes: Partial<Record<ControlName, Partial<Control>>>) =>
  judge(evidenceWith({ verification: verificationWith({ proof: proofWith(changes) }) }));

/** Isolation failed, and this is what verify read. */
const notIsolatedWith = (changes: Partial<Evidence> = {}) =>
  judge(
    evidenceWith({
      isolation: undefined,
      steps: [
        entryOf('describe'),
        failedEntryOf('isolate-network', 'the change was denied'),
        verifiedEntry(),
      ],
      ...changes,
    }),
  );

describe('contained', () => {
  it('is a case whose required controls all hold and whose cut is complete', () => {
    expect(judge(evidenceWith())).toMatchObject({
      status: 'contained',
      cut: 'complete',
      isolated: true,
      seenIsolatedAt: '2026-11-20T03:00:08.000Z',
    });
  });

  it('is not spoiled by a control that is not required', () => {
    expect(withProof({ snapshots: { holds: false, required: false } }).status).toBe('contained');
  });

  it('is only claimed when every control of the contract was read back', () => {
    for (const missing of controlNames) {
      const proof = proofWith().filter((one) => one.control !== missing);
      const { status } = judge(evidenceWith({ verification: verificationWith({ proof }) }));
      expect([missing, status]).not.toEqual([missing, 'contained']);
    }
  });

  it('is never claimed when one required control does not hold, or is unknown', () => {
    const holds = fc.constantFrom<Control['holds']>(true, false, 'unknown');
    const anyProof = fc
      .tuple(...controlNames.map(() => holds))
      .map((values) => proofWith().map((one, at) => ({ ...one, holds: values[at] ?? true })));
    const cuts = fc.constantFrom('complete' as const, 'new-flows-only' as const, 'none' as const);
    fc.assert(
      fc.property(anyProof, cuts, fc.boolean(), (proof, cut, isolated) => {
        const { status } = judge(
          evidenceWith({
            isolation: isolated ? isolationWith() : undefined,
            verification: verificationWith({ proof, cut }),
          }),
        );
        const allHold = proof.every((one) => one.holds === true) && cut === 'complete';
        expect(status === 'contained').toBe(allHold);
      }),
    );
  });
});

describe('partial', () => {
  const others = controlNames.filter((one) => one !== 'eni-groups' && one !== 'group-rules');

  it.each(others)(
    'is an isolated case in which %s does not hold, and the reason says why',
    (name) => {
      const judgement = withProof({ [name]: { holds: false, observed: 'seen by verify' } });
      expect(judgement).toMatchObject({ status: 'partial', cut: 'complete', isolated: true });
      expect(judgement.reason).toContain(`${name} (seen by verify)`);
    },
  );

  it('is a case in which a required control could not be read: unknown is not held', () => {
    expect(withProof({ targets: { holds: 'unknown' } }).status).toBe('partial');
  });

  it('is a case whose old connections may live, though everything holds', () => {
    const judgement = judge(
      evidenceWith({ verification: verificationWith({ cut: 'new-flows-only' }) }),
    );
    expect(judgement).toMatchObject({ status: 'partial', cut: 'new-flows-only', isolated: true });
    expect(judgement.reason).toMatch(/open before may live/);
  });

  it('is an isolated case that verify could not prove', () => {
    const judgement = judge(evidenceWith({ verification: undefined }));
    expect(judgement).toMatchObject({ status: 'partial', isolated: true });
    expect(judgement.reason).toMatch(/verify failed/);
  });

  it('believes the isolating step where verify could not read the interfaces', () => {
    expect(withProof({ 'eni-groups': { holds: 'unknown' } })).toMatchObject({
      status: 'partial',
      isolated: true,
    });
    expect(withProof({ 'group-rules': { holds: 'unknown' } })).toMatchObject({
      status: 'partial',
      isolated: true,
    });
  });

  it('is a case that verify found isolated though the isolating step did not answer', () => {
    expect(
      notIsolatedWith({ verification: verificationWith({ cut: 'new-flows-only' }) }),
    ).toMatchObject({ status: 'partial', isolated: true });
  });

  it('claims no more of the cut than the isolating step does, when verify is missing', () => {
    const isolation = isolationWith({ cut: 'new-flows-only' });
    expect(judge(evidenceWith({ isolation, verification: undefined })).cut).toBe('new-flows-only');
  });
});

describe('failed', () => {
  it('is a case in which an interface is outside its isolation group, whatever the step said', () => {
    expect(
      withProof({ 'eni-groups': { holds: false, observed: 'eni-1 in sg-web' } }),
    ).toMatchObject({
      status: 'failed',
      cut: 'none',
      isolated: false,
      reason: 'The instance is not isolated: eni-1 in sg-web.',
    });
  });

  it('is a case whose isolation group lets something through: an open group isolates nothing', () => {
    const judgement = withProof({
      'group-rules': { holds: false, observed: 'sg-1 allows egress -1 all 0.0.0.0/0' },
    });
    expect(judgement).toMatchObject({ status: 'failed', cut: 'none', isolated: false });
    expect(judgement.reason).toContain('sg-1 allows egress -1 all 0.0.0.0/0');
  });

  it('is a case in which nobody saw the isolation: neither the step nor verify', () => {
    const unknown = { holds: 'unknown', observed: 'could not be read' } as const;
    const proof = proofWith({ 'eni-groups': unknown, 'group-rules': unknown });
    expect(notIsolatedWith({ verification: verificationWith({ proof }) }).status).toBe('failed');
    expect(notIsolatedWith({ verification: undefined }).status).toBe('failed');
  });

  it('is told with what isolate-network said, not with what another step said', () => {
    const steps = [
      entryOf('describe'),
      failedEntryOf('tag', 'the tags were denied'),
      failedEntryOf('isolate-network', 'the change was denied'),
    ];
    const { reason } = notIsolatedWith({ steps, verification: undefined });
    expect(reason).toBe('isolate-network failed: the change was denied.');
  });

  it('is told with the open group, not with a step that has nothing to do with it', () => {
    const proof = proofWith({
      'group-rules': { holds: false, observed: 'sg-1 allows egress -1 all 0.0.0.0/0' },
    });
    const { reason } = judge(
      evidenceWith({
        steps: [
          entryOf('describe'),
          isolatedEntry(),
          failedEntryOf('tag', 'there is no room for tags'),
          verifiedEntry(),
        ],
        verification: verificationWith({ proof }),
      }),
    );
    expect(reason).toContain('sg-1 allows egress -1 all 0.0.0.0/0');
  });

  it('is told when the instance could not even be described', () => {
    expect(
      judge(
        evidenceWith({
          steps: [failedEntryOf('describe', 'The instance i-1 does not exist')],
          isolation: undefined,
          verification: undefined,
        }),
      ),
    ).toMatchObject({
      status: 'failed',
      reason: 'describe failed: The instance i-1 does not exist.',
      isolated: false,
    });
  });
});

describe('a case that is not over', () => {
  it('is running when it is isolated', () => {
    expect(judge(evidenceWith({ finished: false, verification: undefined }))).toMatchObject({
      status: 'running',
      isolated: true,
      cut: 'complete',
    });
  });

  // fault A7: told at once, while the rest of the runbook goes on
  it('has failed as soon as the cut could not be made, and says what failed', () => {
    expect(notIsolatedWith({ finished: false, verification: undefined })).toMatchObject({
      status: 'failed',
      isolated: false,
      reason: 'isolate-network failed: the change was denied.',
    });
  });
});

describe('a case that changed nothing', () => {
  it('is planned when it was a dry run', () => {
    expect(
      judge(evidenceWith({ dryRun: true, isolation: undefined, verification: undefined })),
    ).toMatchObject({ status: 'planned', cut: 'none', isolated: false });
  });

  it('failed when not even the dry run could describe the instance', () => {
    expect(
      judge(
        evidenceWith({
          dryRun: true,
          isolation: undefined,
          verification: undefined,
          steps: [failedEntryOf('describe', 'denied')],
        }),
      ).status,
    ).toBe('failed');
  });

  it('is skipped for the reason that was given, as one sentence', () => {
    for (const skip of ['It is exempt', 'It is exempt.']) {
      expect(judge(evidenceWith({ skip, isolation: undefined, verification: undefined }))).toEqual({
        status: 'skipped',
        reason: 'It is exempt.',
        cut: 'none',
        isolated: false,
      });
    }
  });
});
