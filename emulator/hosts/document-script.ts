/** A step of a document, as far as a host runs it. */
interface Step {
  readonly name: string;
  readonly action: string;
  readonly precondition?: { readonly StringEquals?: readonly string[] };
  readonly inputs: { readonly runCommand: readonly string[] };
}

interface Content {
  readonly mainSteps: readonly Step[];
}

export interface StepScript {
  readonly step: string;
  readonly text: string;
}

/** `{{ Name }}` becomes the value as it is: nothing is quoted, as Systems Manager does it. */
const filled = (text: string, parameters: Readonly<Record<string, readonly string[]>>): string =>
  text.replace(/\{\{ *([A-Za-z0-9_]+) *\}\}/g, (whole, name: string) =>
    parameters[name] === undefined ? whole : parameters[name].join(','),
  );

const isFor = ({ precondition }: Step, platform: string): boolean => {
  const [left, right] = precondition?.StringEquals ?? [];
  return left === undefined || (left === 'platformType' && right === platform);
};

/**
 * The scripts that the agent of a host runs for a Command document of schema 2.2, one after the other
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html).
 */
export const scriptsOf = (
  content: object,
  platform: string,
  parameters: Readonly<Record<string, readonly string[]>>,
): readonly StepScript[] =>
  (content as Content).mainSteps
    .filter((step) => isFor(step, platform))
    .map(({ name, inputs }) => ({
      step: name,
      text: filled(inputs.runCommand.join('\n'), parameters),
    }));
