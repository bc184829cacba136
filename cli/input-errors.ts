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

/** No instance has the name that a person gave, or several have: nothing was begun. */
export class AmbiguousNameError extends CordonError {
  override readonly name = 'AmbiguousNameError';
}

/** Nobody confirmed which instance is meant by its name: nothing was begun, and a person has to. */
export class NotConfirmedError extends CordonError {
  override readonly name = 'NotConfirmedError';
}

/** Errors that the person at the keyboard mends, before anything was begun. */
export const isInputError = (error: unknown): boolean =>
  error instanceof UnintelligibleEventError ||
  error instanceof InvalidSettingsError ||
  error instanceof InstanceNotFoundError ||
  error instanceof ForeignEndpointError ||
  error instanceof ForeignInstanceError ||
  error instanceof AwsCredentialsError ||
  error instanceof CredentialsMissingError ||
  error instanceof AmbiguousNameError;
