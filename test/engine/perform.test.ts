import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsBack } from '../../src/actions/isolate-network/give-back.ts';
import type { Change } from '../../src/engine/change.ts';
import { perform } from '../../src/engine/perform.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { aCase } from '../steps/sample-instance.ts';

const inverse = groupsBack('eu-central-1', 'eni-1', ['sg-isolation'], ['sg-web']);

const scene = () => {
  const aws = fakeAws();
  const story: string[] = [];
  aws.ec2.on(CreateTagsCommand).callsFake(({ Resources = [], Tags = [] }) => {
    story.push(`remembered ${Resources.join(' ')}: ${Tags.map(({ Key }: { Key: string }) => Key)}`);
  });
  /** A change of one resource, which remembers what it was. */
  const change = (resource: string, more: Partial<Change> = {}): Change => ({
    call: 'ec2:ModifyNetworkInterfaceAttribute',
    resource,
    before: 'open',
    after: 'closed',
    inverse: [inverse],
    remember: { resourceId: resource, tags: { 'cordon:before:addresses': 'open' } },
    send: async () => {
      story.push(`changed ${resource}`);
    },
    ...more,
  });
  const run = (changes: readonly Change[], besides = {}, known = {}) =>
    perform(aws.deps, aCase(), changes, besides, known);
  return { aws, story, change, run };
};

describe('Changes of a case', () => {
  it('are made after everything that was before is written, in one call for equal values', async () => {
    const { story, change, run } = scene();
    await run([change('eni-1'), change('eni-2')]);
    expect(story).toEqual([
      'remembered eni-1 eni-2: cordon:before:addresses',
      'changed eni-1',
      'changed eni-2',
    ]);
  });

  it('do not wait for each other: one that is refused does not keep the others', async () => {
    const { change, run } = scene();
    const refused = awsError('UnauthorizedOperation', 'No.');
    const { sent } = await run([
      change('eni-1', { send: () => Promise.reject(refused) }),
      change('eni-2'),
    ]);
    expect(sent.map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
    expect(sent[0]?.error).toBe(refused);
  });

  it('are made even where no tag takes what was before, and that is said', async () => {
    const { aws, story, change, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(awsError('TagLimitExceeded', 'Full.'));
    const { unwritten } = await run([change('eni-1')]);
    expect(unwritten).toEqual(['eni-1']);
    expect(story).toEqual(['changed eni-1']);
    expect(aws.log.text).toContain('cordon:before:addresses');
  });

  // The necessary before the optional: fifty tags are all that AWS takes.
  it('remember as much as a resource has room for, the most important first', async () => {
    const { aws, story, change, run } = scene();
    const taken: string[][] = [];
    aws.ec2.on(CreateTagsCommand).callsFake(({ Tags = [] }) => {
      const keys = Tags.map(({ Key }: { Key: string }) => Key);
      if (keys.length > 2) throw awsError('TagLimitExceeded', 'Full.');
      taken.push(keys);
    });
    const tags = { 'cordon:case': 'c', 'cordon:original-groups': 'sg-web', 'cordon:before:x': 'y' };
    const { unwritten } = await run([change('eni-1', { remember: { resourceId: 'eni-1', tags } })]);
    expect(taken).toEqual([['cordon:case', 'cordon:original-groups']]);
    expect(unwritten).toEqual(['eni-1 (cordon:before:x)']);
    expect(story).toEqual(['changed eni-1']);
    expect(aws.log.text).toContain('cordon:before:x');
  });

  it('do not write again what the run has written with the same value', async () => {
    const { story, change, run } = scene();
    const known = { 'eni-1': { 'cordon:before:addresses': 'open' } };
    await run([change('eni-1'), change('eni-2')], {}, known);
    expect(story).toEqual([
      'remembered eni-2: cordon:before:addresses',
      'changed eni-1',
      'changed eni-2',
    ]);
  });

  it('name the value that no tag can hold', async () => {
    const { change, run } = scene();
    const tags = { 'cordon:before:addresses': undefined };
    const { unwritten, values } = await run([
      change('eni-1', { remember: { resourceId: 'eni-1', tags } }),
    ]);
    expect(unwritten).toEqual(['eni-1 (cordon:before:addresses)']);
    expect(values).toEqual({ 'eni-1': {} });
  });

  it('stand in the log with what was before and what gives it back, before they are sent', async () => {
    const { aws, change, run } = scene();
    let logged: unknown;
    await run([
      change('eni-1', {
        send: async () => {
          logged = aws.log.line('a change is sent')?.fields;
        },
      }),
    ]);
    expect(logged).toMatchObject({
      caseId: aCase().caseId,
      resource: 'eni-1',
      before: 'open',
      after: 'closed',
      undo: [inverse.command],
    });
    expect(aws.log.line('a change was made')?.fields).toMatchObject({ resource: 'eni-1' });
  });

  // Never half-way: what was only intended is not recorded as done.
  it('are never logged as made where AWS refused them', async () => {
    const { aws, change, run } = scene();
    await run([change('eni-1', { send: () => Promise.reject(awsError('Throttling', 'Later.')) })]);
    expect(aws.log.line('a change was made')).toBeUndefined();
    expect(aws.log.line('a change failed')?.fields).toMatchObject({ outcome: 'failed' });
  });

  it('that find nothing left to do count as done before, and run twice change nothing more', async () => {
    const { change, run } = scene();
    const gone = change('eni-1', {
      send: () => Promise.reject(awsError('InvalidTarget', 'Gone.')),
      meaning: () => 'already',
    });
    expect((await run([gone])).sent[0]?.outcome).toBe('already');
    expect((await run([gone])).sent[0]?.outcome).toBe('already');
  });

  it('are tried in their own way, where they have one', async () => {
    const { change, run } = scene();
    let tries = 0;
    const stubborn = change('eni-1', {
      attempt: async (send) => {
        try {
          return await send();
        } catch {
          return send();
        }
      },
      send: async () => {
        tries += 1;
        if (tries === 1) throw awsError('Throttling', 'Later.');
      },
    });
    expect((await run([stubborn])).sent[0]?.outcome).toBe('done');
    expect(tries).toBe(2);
  });

  it('end one by one as AWS says, and throw nothing, whatever it is', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.string(), { nil: undefined }), { maxLength: 8 }),
        async (answers) => {
          const { change, run } = scene();
          const { sent } = await run(
            answers.map((code, at) =>
              change(`eni-${at}`, {
                send: async () => {
                  if (code !== undefined) throw awsError(code, code);
                },
              }),
            ),
          );
          expect(sent.map(({ outcome }) => outcome)).toEqual(
            answers.map((code) => (code === undefined ? 'done' : 'failed')),
          );
        },
      ),
      { numRuns: 50 },
    ));
});
