import {
  AwsCredentialsError,
  CordonError,
  ForeignEndpointError,
  ForeignInstanceError,
  InstanceNotFoundError,
  InvalidSettingsError,
  UnintelligibleEventError,
} from '../src/case/errors.ts';

/** The shell has no AWS credentials: nothing was begun. */
export class CredentialsMissingError extends CordonError {
  override readonly name = 'CredentialsMissingError';
}

/** Errors that the person at the keyboard mends, before anything was begun. */
export const isInputError = (error: unknown): boolean =>
  error instanceof UnintelligibleEventError ||
  error instanceof InvalidSettingsError ||
  error instanceof InstanceNotFoundError ||
  error instanceof ForeignEndpointError ||
  error instanceof ForeignInstanceError ||
  error instanceof AwsCredentialsError ||
  error instanceof CredentialsMissingError;
