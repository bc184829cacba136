import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { makeS3Client } from '../src/aws/client/s3.ts';
import type { Deps } from '../src/aws/clients.ts';
import { inWords } from '../src/aws/errors.ts';
import { publicTrailKeyOf } from '../src/aws/public-trail-key.ts';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import { latestCaseOf } from '../src/evidence/read-evidence.ts';
import { verifiers } from '../src/evidence/verifiers.ts';
import type { StoredCase } from '../src/read-story.ts';
import { readStoredCase } from '../src/read-story.ts';
import { openStore } from '../src/record/evidence-store/evidence-store.ts';
import type { EvidenceCase } from '../src/record/evidence-store/keys.ts';
import type { Bucket } from '../src/record/evidence-store/objects.ts';
import type { StackOption } from './common-options.ts';
import type { StackWitnesses } from './stack-witnesses.ts';
import type { Subject } from './subject.ts';
import { whoAsks } from './switch-command.ts';

/** What there is of a case in the store of a stack; `why` the page is not made from it, if it cannot be. */
export interface StackStore {
  readonly stored: StoredCase;
  readonly why: string;
}

const nothing = (why: string, notes: readonly string[] = []): StackStore => ({
  stored: { notes },
  why,
});

/** `arn:<partition>:states:<region>:<account>:…` */
const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/** The case that is meant: the one that is named, or the latest of the instance in the store. */
const caseIn = async (
  bucket: Bucket,
  about: Omit<EvidenceCase, 'caseId'>,
  caseId: string | undefined,
): Promise<EvidenceCase> =>
  caseId === undefined ? latestCaseOf(bucket, about) : { ...about, caseId };

/** Reads what the store of the stack has of a case. Never rejects: what is missing is said. */
export const readStackStore = async (
  deps: Deps,
  witnesses: StackWitnesses,
  { instanceId, caseId }: Subject,
  region: string,
  { stack }: StackOption,
): Promise<StackStore> => {
  const { stackIsAbsent } = witnesses;
  const outputs = await witnesses.outputs;
  const { EvidenceStoreName: name = '', EvidenceStateMachineArn: machineArn = '' } = outputs;
  if (name === '') {
    const unread = Object.keys(outputs).length === 0 && !(await stackIsAbsent);
    const why = unread
      ? `the stack "${stack}" in ${region} could not be read.`
      : `there is no stack "${stack}" with an evidence store in ${region} (--stack names another).`;
    return nothing(
      why,
      unread ? [`The stack "${stack}" could not be read; the log says why.`] : [],
    );
  }
  const { clock, log, settings } = deps;
  const bucket = { s3: makeS3Client(log, region), name };
  try {
    const about = { accountId: accountOf(machineArn), region, instanceId };
    const theCase = await caseIn(bucket, about, caseId);
    const store = openStore({ bucket, clock, by: whoAsks() }, theCase);
    const clients = { ec2: makeEc2Client(log, region) };
    const stored = await readStoredCase(
      {
        ...{ bucket, store, clock },
        table: {
          dynamoDb: makeDynamoDbClient(log, region),
          caseTableName: outputs.CaseTableName,
        },
        publicKey: await publicTrailKeyOf({ ...deps, ...witnesses }),
        verifyResource: (piece) =>
          verifiers[piece.collector]?.({ clients, clock, log, settings }, piece),
      },
      theCase,
    );
    return {
      stored,
      why: `the store ${name} has no case report in the record of ${theCase.caseId}.`,
    };
  } catch (error) {
    if (error instanceof UnintelligibleEventError) return nothing(error.message);
    return nothing(`the store ${name} could not be read.`, [
      `The store ${name} could not be read: ${inWords(error)}`,
    ]);
  }
};
