import type { FunctionResource, Template } from '../deploy/template.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The file of `--env-vars`: values for all functions, and for one of them. */
export type EnvironmentFile = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What SAM makes of a value in the template when nothing is deployed. */
const localValue = (value: unknown, template: Template): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  if (!('Ref' in value) || typeof value.Ref !== 'string') return '';
  const parameter = template.Parameters[value.Ref];
  // SAM leaves the word itself where it knows no value: a resource, a parameter without default.
  return parameter?.Default === undefined ? value.Ref : String(parameter.Default);
};

/**
 * The variables of a function as `sam local invoke` sets them: those that the template declares,
 * each from the file (the function's own entry before `Parameters`), else from the shell, else
 * from the template; and AWS's own.
 */
export const localEnvironment = (
  template: Template,
  logicalId: string,
  resource: FunctionResource,
  file: EnvironmentFile,
  shell: Variables,
): Record<string, string> => {
  const declared = {
    ...template.Globals.Function.Environment?.Variables,
    ...resource.Properties.Environment?.Variables,
  };
  const values = Object.entries(declared).map(([name, value]) => {
    const given = file[logicalId]?.[name] ?? file.Parameters?.[name] ?? shell[name];
    return [name, given === undefined ? localValue(value, template) : String(given)];
  });
  const own = Object.entries(shell).filter(
    ([name, value]) =>
      value !== undefined && (name.startsWith('AWS_') || name === 'HOME' || name === 'PATH'),
  );
  return {
    // As SAM: the Region of the shell, else this one.
    AWS_REGION: shell.AWS_DEFAULT_REGION ?? 'us-east-1',
    ...Object.fromEntries(own),
    ...Object.fromEntries(values),
    AWS_LAMBDA_FUNCTION_NAME: logicalId,
    AWS_SAM_LOCAL: 'true',
  };
};
