/**
 * The root of every error Cordon throws on purpose. `name` is a literal in each class, because
 * Lambda hands it to Step Functions as the error's name (`ErrorEquals`) and a bundler may rename
 * classes. The message says in one sentence what went wrong and what to do.
 */
export abstract class CordonError extends Error {
  abstract override readonly name: string;
}

/** The event is none that Cordon understands, or lacks what it needs. Nothing was changed. */
export class UnintelligibleEventError extends CordonError {
  override readonly name = 'UnintelligibleEventError';
}

/** Environment variables hold values that Cordon does not accept; the message names all of them. */
export class InvalidSettingsError extends CordonError {
  override readonly name = 'InvalidSettingsError';
}

/** Somebody has configured an endpoint that is not AWS and not this machine. Nothing was asked. */
export class ForeignEndpointError extends CordonError {
  override readonly name = 'ForeignEndpointError';
}

/** The instance does not exist (any more) in this account and Region. Repeating does not help. */
export class InstanceNotFoundError extends CordonError {
  override readonly name = 'InstanceNotFoundError';
}

/** The instance is terminated, or about to be: nothing is left to isolate, its evidence may be. */
export class InstanceTerminatedError extends CordonError {
  override readonly name = 'InstanceTerminatedError';
}

/** The instance belongs to another account or Region than the one Cordon runs in. */
export class ForeignInstanceError extends CordonError {
  override readonly name = 'ForeignInstanceError';
}

/** AWS throttled, answered 5xx or did not answer at all, to the end of the retries. Repeat. */
export class AwsUnavailableError extends CordonError {
  override readonly name = 'AwsUnavailableError';
}

/** AWS denied a call. Repeating does not help; the message names the missing permission. */
export class AwsDeniedError extends CordonError {
  override readonly name = 'AwsDeniedError';
}

/** AWS does not accept the credentials, or does not serve the account; no policy mends that. */
export class AwsCredentialsError extends CordonError {
  override readonly name = 'AwsCredentialsError';
}

/** AWS refused a call for another reason than permissions or load. */
export class AwsRefusedError extends CordonError {
  override readonly name = 'AwsRefusedError';
}

/** The Auto Scaling group keeps the instance: it may still terminate the evidence. */
export class DetachRefusedError extends CordonError {
  override readonly name = 'DetachRefusedError';
}

/** At least one target group or classic load balancer still has the instance, or was not read. */
export class DeregistrationIncompleteError extends CordonError {
  override readonly name = 'DeregistrationIncompleteError';
}

/** No VPC of the instance has an isolation group that is known to be closed. */
export class IsolationGroupUnavailableError extends CordonError {
  override readonly name = 'IsolationGroupUnavailableError';
}

/** A quota of the account keeps the isolation groups from being made; nothing was moved. */
export class IsolationQuotaError extends CordonError {
  override readonly name = 'IsolationQuotaError';
}

/** The Region has as many security groups as its quota allows: no isolation group can be made. */
export class GroupQuotaError extends CordonError {
  override readonly name = 'GroupQuotaError';
}

/** At least one network interface is not in its isolation group. */
export class IsolationIncompleteError extends CordonError {
  override readonly name = 'IsolationIncompleteError';
}

/** At least one protection that AWS allows for this instance could not be switched on. */
export class ProtectionIncompleteError extends CordonError {
  override readonly name = 'ProtectionIncompleteError';
}

/** Not every volume has a snapshot. */
export class SnapshotsFailedError extends CordonError {
  override readonly name = 'SnapshotsFailedError';
}

/** The trail could not be written to the instance's tags. */
export class TrailNotWrittenError extends CordonError {
  override readonly name = 'TrailNotWrittenError';
}

/** The folder of the journal could be written by others, who would then be believed. */
export class JournalUnsafeError extends CordonError {
  override readonly name = 'JournalUnsafeError';
}

/** SNS did not take the message. */
export class NotificationRefusedError extends CordonError {
  override readonly name = 'NotificationRefusedError';
}

/** The case ended without the instance being isolated: the state machine fails with this name. */
export class NotContainedError extends CordonError {
  override readonly name = 'NotContainedError';
}

/** The steps have run, but no report could be made of them. Thrown by the state machine itself. */
export class ReportUnavailableError extends CordonError {
  override readonly name = 'ReportUnavailableError';
}

/** The script on the host did not end well, was not reached, or is not the one that was tested. */
export class HostCutError extends CordonError {
  override readonly name = 'HostCutError';
}

/** A case that is not given back without a person's word; nothing was changed. */
export class ReleaseRefusedError extends CordonError {
  override readonly name = 'ReleaseRefusedError';
}

/** A release that stopped half-way: what was not given back stays as the case has it. */
export class ReleaseIncompleteError extends CordonError {
  override readonly name = 'ReleaseIncompleteError';
}

/** While a question waited, the case was contained or ended otherwise: there is nothing left to ask. */
export class QuestionSupersededError extends CordonError {
  override readonly name = 'QuestionSupersededError';
}

/** No question of the case waits for an answer; the message says how the case stands. */
export class NothingAskedError extends CordonError {
  override readonly name = 'NothingAskedError';
}

/** The case that a person names is not open, or is another one by now; the message says how it stands. */
export class CaseNotOpenError extends CordonError {
  override readonly name = 'CaseNotOpenError';
}

/** The evidence store did not take a piece, or gave back another one than was put; the message says which. */
export class EvidenceStoreError extends CordonError {
  override readonly name = 'EvidenceStoreError';
}

/** A piece of evidence could not be collected for good; the message says why, and what else there is. */
export class EvidenceNotCollectedError extends CordonError {
  override readonly name = 'EvidenceNotCollectedError';
}

/** No volume can be made for analysis as it was asked for; nothing was begun. */
export class AnalysisRefusedError extends CordonError {
  override readonly name = 'AnalysisRefusedError';
}

/** A volume for analysis is not yet what was asked for; the message says how it stands and what to do. */
export class AnalysisIncompleteError extends CordonError {
  override readonly name = 'AnalysisIncompleteError';
}

/** Athena did not answer a query over flow logs; the message says why. */
export class FlowQueryError extends CordonError {
  override readonly name = 'FlowQueryError';
}

/** The record of a case could not be gone on with: something lies in its way. Nothing was written over. */
export class RecordBlockedError extends CordonError {
  override readonly name = 'RecordBlockedError';
}

/** A check could not be made, because what it looks at could not be read; the message says why. */
export class UncheckedError extends CordonError {
  override readonly name = 'UncheckedError';
}
