import type { FunctionResource, Template } from '../deploy/template.ts';
import type { EnvironmentFile } from './local-environment.ts';

/** A name as people may have mistyped it, in comparison: `MinimumSeverity` and `MINIMUM_SEVERITY`. */
const plain = (name: string): string => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** How many letters stand otherwise in one of two words of about the same length. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, sign] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const cost = sign === other ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + cost, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

const meant = (name: string, known: readonly string[]): string => {
  const near = known.find((one) => distance(plain(one), plain(name)) <= 2);
  return near === undefined ? '' : `; did you mean ${near}?`;
};

const declaredBy = (template: Template, resource: FunctionResource | undefined): string[] =>
  Object.keys({
    ...template.Globals.Function.Environment?.Variables,
    ...resource?.Properties.Environment?.Variables,
  });

const sectionMisfits = (section: string, values: unknown, known: readonly string[]): string[] => {
  if (typeof values !== 'object' || values === null) {
    return [`${section} is no object, and is dropped`];
  }
  return Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => `${section}.${name} fits no variable, and is dropped${meant(name, known)}`);
};

/**
 * The names in a file of `--env-vars` that fit nothing, each in a sentence: SAM drops them without a
 * word, and the function then runs with another setting than its user believes.
 */
export const environmentMisfits = (
  template: Template,
  functions: ReadonlyMap<string, FunctionResource>,
  file: EnvironmentFile,
): readonly string[] => {
  const everywhere = [
    ...new Set([...functions.values()].flatMap((one) => declaredBy(template, one))),
  ];
  return Object.entries(file).flatMap(([section, values]) => {
    if (section === 'Parameters') return sectionMisfits(section, values, everywhere);
    const resource = functions.get(section);
    return resource === undefined
      ? [`${section} fits no function, and is dropped${meant(section, [...functions.keys()])}`]
      : sectionMisfits(section, values, declaredBy(template, resource));
  });
};
