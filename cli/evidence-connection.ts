import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { makeS3Client } from '../src/aws/client/s3.ts';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { readStack } from '../src/aws/stack.ts';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { latestCaseOf } from '../src/evidence/read-evidence.ts';
import { openStore } from '../src/record/evidence-store/evidence-store.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile } from './common-options.ts';
import { settingsOfShell } from './connect.ts';
import { requireCredentials } from './credentials.ts';
import { fileLog, logNameAt } from './file-log.ts';
import { findSubject } from './find-subject.ts';
import { tell } from './output.ts';
import { regionFor } from './region.ts';
import { requireSubject } from './subject.ts';
import { whoAsks } from './switch-command.ts';

export type EvidenceOptions = CommonOptions & StackOption;

/** `arn:<partition>:states:<region>:<account>:…` */
const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/**
 * The evidence of the case that a person means, in the store of the stack that the options name.
 *
 * @param changes true where the command makes or deletes something.
 * @throws InvalidSettingsError where there is no such stack, or it has no store.
 * @throws UnintelligibleEventError where the store has nothing of the instance.
 */
export const connectToEvidence = async (
  text: string,
  options: EvidenceOptions,
  changes = false,
) => {
  requireSubject(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const log = fileLog(options.log ?? logNameAt(systemClock.now()), tell);
  const clients = {
    ec2: makeEc2Client(log, region),
    cloudFormation: makeCloudFormationClient(log, region),
  };
  await requireCredentials(clients.ec2);
  const outputs = await readStack({ clients }, options.stack);
  const { EvidenceStoreName: name = '', EvidenceStateMachineArn: machineArn = '' } = outputs;
  if (name === '') {
    throw new InvalidSettingsError(
      `The stack "${options.stack}" in ${region} keeps no evidence: it has no output EvidenceStoreName.`,
    );
  }
  const bucket = { s3: makeS3Client(log, region), name };
  const { instanceId, caseId } = await findSubject(text, { region, log, changes });
  const about = { accountId: accountOf(machineArn), region, instanceId };
  const latest = async () =>
    latestCaseOf(bucket, about).catch((error: unknown) => {
      throw asCordonError(error, `Looking for the evidence of ${instanceId}`);
    });
  const theCase = caseId === undefined ? await latest() : { ...about, caseId };
  const { settings } = settingsOfShell();
  const store = openStore({ bucket, clock: systemClock, by: whoAsks() }, theCase);
  return { bucket, store, case: theCase, clients, clock: systemClock, log, settings, outputs };
};

/** What the commands about evidence work with. */
export type EvidenceConnection = Awaited<ReturnType<typeof connectToEvidence>>;
