/**
 * In place of packages that `aws-local-stepfunctions` imports for what Cordon does not do with it:
 * calling Lambda, and validating a definition, which the tests do. Likewise of what the SDK loads for answers
 * that are streams of events, of which Cordon asks for none.
 */

const absent = (): never => {
  throw new Error('Cordon answers every task itself, and validates no definition when it runs.');
};

export class LambdaClient {
  constructor() {
    absent();
  }
}

export class InvokeCommand {
  constructor() {
    absent();
  }
}

export const fromCognitoIdentityPool = absent;

export default absent;

/** S3's client asks for both when it is made, and uses them for SelectObjectContent alone. */
export const eventStreamSerdeProvider = absent;

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
