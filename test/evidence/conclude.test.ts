import { PublishCommand } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conclude, endOf } from '../../src/evidence/conclude.ts';
import { parseEvidenceEvent } from '../../src/evidence/evidence-event.ts';
import { evidenceMessage } from '../../src/notify/evidence-message.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { aBefore, aCase } from '../steps/sample-instance.ts';
import { memoryStore } from './memory-store.ts';

const input = { case: aCase(), before: aBefore() };

const aScene = () => {
  const aws = fakeAws();
  const { bucket, stub } = memoryStore();
  const store = openStore({ bucket, clock: aws.clock, by: 'the function' }, input.case);
  aws.sns.on(PublishCommand).resolves({ MessageId: 'message-1' });
  const makeManifest = async () => ({ key: 'manifest', sha256: 'a', signed: true });
  return { aws, stub, store, deps: { ...aws.deps, store, makeManifest } };
};

const subjectsOf = ({ aws }: ReturnType<typeof aScene>): readonly (string | undefined)[] =>
  aws.sns.commandCalls(PublishCommand).map(({ args }) => args[0].input.Subject);

const done = { collector: 'screenshot', progress: { outcome: 'done', sentence: 'It is there.' } };
const already = { ...done, progress: { ...done.progress, outcome: 'already' } };

describe('The end of a collection', () => {
  it('is told with what is missing, which is written down', async () => {
    const scene = aScene();
    const failed = { Error: 'States.Timeout', Cause: '' };
    await conclude(scene.deps, input, [done, { collector: 'console-output', progress: failed }]);
    expect(subjectsOf(scene)).toEqual([
      `[Cordon] EVIDENCE, 1 OF 2 KINDS MISSING: ${input.case.instanceId}`,
    ]);
    // What gave a result has written it down itself.
    expect(await scene.store.outcomes()).toMatchObject([
      {
        collector: 'console-output',
        outcome: 'failed',
        sentence: expect.stringContaining('States.Timeout'),
      },
    ]);
  });

  it('is told also where the store takes nothing and no manifest can be made', async () => {
    const scene = aScene();
    scene.stub.reset();
    scene.stub.rejects(awsError('AccessDenied'));
    const makeManifest = () => Promise.reject(awsError('AccessDenied'));
    await conclude({ ...scene.deps, makeManifest }, input, [done]);
    const [call] = scene.aws.sns.commandCalls(PublishCommand);
    expect(JSON.parse(call?.args[0].input.Message ?? '{}').default).toContain(
      'No manifest could be made: AccessDenied',
    );
  });

  it('is not told where a further run found everything collected', async () => {
    const scene = aScene();
    await conclude(scene.deps, input, [already]);
    expect(subjectsOf(scene)).toEqual([]);
    expect(await scene.store.outcomes()).toEqual([]);
  });

  it('fails where nobody could be told, so that the machine tries again', async () => {
    const { aws, deps } = aScene();
    aws.sns.on(PublishCommand).rejects(awsError('NotFound'));
    await expect(conclude(deps, input, [done])).rejects.toMatchObject({
      name: 'NotificationRefusedError',
    });
  });
});

describe('What comes from outside', () => {
  it('is one printable line in a message that SNS takes, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (words) => {
        const { collector, outcome, sentence } = endOf({
          collector: 'screenshot',
          progress: { outcome: 'failed', sentence: words },
        });
        const ended = [{ collector, outcome, sentence, what: 'picture' }];
        const manifest = { trouble: words };
        const message = evidenceMessage({ ...input.case, ended, manifest });
        const { default: text } = JSON.parse(message.Message);
        expect(text.split('\n')).toHaveLength(10);
        expect(Buffer.byteLength(message.Message)).toBeLessThan(261_000);
        expect(message.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      }),
    );
  });

  it('is refused where it is no event of the machine, or of another instance', () => {
    const event = { verb: 'begin', ...input };
    expect(parseEvidenceEvent(event)).toMatchObject({ verb: 'begin' });
    const others = { ...event, case: { ...input.case, instanceId: 'i-00000000000000000' } };
    const escapes = { ...event, case: { ...input.case, region: '../../other' } };
    for (const wrong of [{}, { ...event, verb: 'delete' }, others, escapes]) {
      expect(() => parseEvidenceEvent(wrong)).toThrow(/cannot be read/);
    }
  });
});
