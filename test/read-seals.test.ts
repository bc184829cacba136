import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { readSeals } from '../src/read-seals.ts';
import { issueSeal } from '../src/record/trail/seal/issue-seal.ts';
import { sealSubject } from '../src/record/trail/seal/seal-subject.ts';
import type { Tags } from '../src/record/trail/tags.ts';
import { aTrailKey } from './record/trail/seal/test-key.ts';
import { awsError } from './steps/aws-error.ts';
import { fakeAws } from './steps/fake-aws.ts';
import {
  anInstance,
  anInterface,
  caseId,
  firstInterface,
  region,
  webGroup,
} from './steps/sample-instance.ts';

const madeAt = '2026-01-05T08:00:00.000Z';
const key = aTrailKey();

const own: Tags = { 'cordon:case': caseId, 'cordon:original-groups': webGroup };
const sealed: Tags = {
  ...own,
  ...(await issueSeal(key, {
    subject: sealSubject(anInstance({ madeAt }), caseId, firstInterface),
    run: '1',
    at: new Date('2026-03-01T03:01:00Z'),
    present: {},
    own,
  })),
};
const tampered: Tags = { ...sealed, 'cordon:original-groups': 'sg-0eeeeeeeeeeeeeee5' };

/** What the seals say where the interface has these tags at first, and then what EC2 answers. */
const scene = async (first: Tags, second: Tags | Error) => {
  const aws = fakeAws();
  const publicKey = await key.publicKey();
  mockClient(KMSClient)
    .on(GetPublicKeyCommand)
    .resolves({ PublicKey: publicKey.export({ format: 'der', type: 'spki' }) });
  const answering = aws.ec2.on(DescribeTagsCommand);
  if (second instanceof Error) answering.rejects(second);
  else {
    answering.callsFake(({ Filters = [] }) => ({
      Tags: Filters[0]?.Values?.includes(firstInterface)
        ? Object.entries(second).map(([Key, Value]) => ({ ResourceId: firstInterface, Key, Value }))
        : [],
    }));
  }
  const arn = `arn:aws:kms:${region}:111122223333:key/trail`;
  const seals = await readSeals(
    { ...aws.deps, settings: { ...aws.deps.settings, trailKeyArn: arn } },
    anInstance({ madeAt, networkInterfaces: [anInterface({ cordonTags: first })] }),
    caseId,
    {},
  );
  return { state: seals[firstInterface]?.state, ec2: aws.ec2 };
};

describe('The seals of a trail', () => {
  it('are read once where they hold', async () => {
    const { state, ec2 } = await scene(sealed, sealed);
    expect(state).toBe('sealed');
    expect(ec2).not.toHaveReceivedCommand(DescribeTagsCommand);
  });

  it('are not called broken while AWS shows one of two tags before the other', async () => {
    expect((await scene(tampered, sealed)).state).toBe('sealed');
  });

  it('are called broken once a second read says the same', async () => {
    const { state, ec2 } = await scene(tampered, tampered);
    expect(state).toBe('broken');
    expect(ec2).toHaveReceivedCommandTimes(DescribeTagsCommand, 1);
  });

  it('stay broken where the second read is refused', async () => {
    expect((await scene(tampered, awsError('UnauthorizedOperation'))).state).toBe('broken');
  });
});
