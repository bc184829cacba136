import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inProject } from '../project.ts';

const TRANSFORM = join(import.meta.dirname, 'transform.py');
const REQUIREMENTS = join(import.meta.dirname, '..', 'moto', 'requirements.txt');

/** Where the code of every function of a transformed template is said to lie. */
export const ARTIFACT = { bucket: 'deployment-artifacts', key: 'code.zip' } as const;

/** The SAM transform refused the template; the message is the transform's own. */
export class TemplateTransformError extends Error {
  override readonly name = 'TemplateTransformError';
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's member that is an object, else an empty one. */
const member = (value: unknown, name: string): Json => {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
};

const isLocal = (uri: unknown): boolean => typeof uri === 'string' && !uri.startsWith('s3://');

const artifactUri = `s3://${ARTIFACT.bucket}/${ARTIFACT.key}`;

/** What `sam package` does: paths of this machine become objects in S3. */
const withArtifacts = (template: Json): Json => {
  const copy = structuredClone(template);
  const owners = [
    member(member(copy, 'Globals'), 'Function'),
    ...Object.values(member(copy, 'Resources')).map((resource) => member(resource, 'Properties')),
  ];
  for (const owner of owners) {
    for (const name of ['CodeUri', 'ContentUri']) {
      if (isLocal(owner[name])) owner[name] = artifactUri;
    }
  }
  return copy;
};

/**
 * Puts the definition into every state machine that names a local file for it. The definition
 * stays the text that it is, so that placeholders need not be valid JSON where they stand.
 *
 * @param template SAM, long form. @param definitionOf Amazon States Language with `${…}`, by its file.
 * @returns a function that finishes the job on the transformed template, and the template that
 * can be transformed.
 */
export const inlineDefinition = (
  template: object,
  definitionOf: (uri: string) => string,
): { template: object; finish: (transformed: object) => object } => {
  const copy: Json = structuredClone({ ...template });
  const machines: (readonly [string, string])[] = [];
  for (const [logicalId, resource] of Object.entries(member(copy, 'Resources'))) {
    const properties = member(resource, 'Properties');
    if (!isLocal(properties.DefinitionUri)) continue;
    const definition = definitionOf(String(properties.DefinitionUri));
    delete properties.DefinitionUri;
    properties.Definition = { StartAt: 'Inlined', States: { Inlined: { Type: 'Succeed' } } };
    machines.push([logicalId, definition]);
  }
  return {
    template: copy,
    finish: (transformed) => {
      const finished: Json = structuredClone({ ...transformed });
      for (const [logicalId, definition] of machines) {
        const properties = member(member(member(finished, 'Resources'), logicalId), 'Properties');
        properties.DefinitionString = definition;
      }
      return finished;
    },
  };
};

const cacheFolder = inProject('node_modules', '.cache', 'cordon');

/** Where the transform's answer to a template is kept; it depends on nothing but these. */
const cacheFile = async (input: string): Promise<string> => {
  const hash = createHash('sha256').update(input);
  for (const file of [TRANSFORM, REQUIREMENTS]) hash.update(await readFile(file));
  return join(cacheFolder, `transformed-${hash.digest('hex')}.json`);
};

/** Whole or not at all: others may read it at the same time. */
const keep = async (file: string, text: string): Promise<void> => {
  await mkdir(cacheFolder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
};

const runTransform = async (python: string, input: string): Promise<string> => {
  const child = spawn(python, [TRANSFORM], {
    env: { ...process.env, AWS_DEFAULT_REGION: 'us-east-1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(input);
  const [output, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  if (code !== 0) throw new TemplateTransformError(complaint.trim());
  return output;
};

/**
 * Turns a SAM template into plain CloudFormation with AWS's own transform. Local code paths become
 * the S3 object {@link ARTIFACT}. What was transformed before is not transformed again.
 *
 * @param python an interpreter from `ensurePython`.
 * @param template SAM as an object, tags in their long form (`{"Fn::Sub": …}`).
 * @throws TemplateTransformError with the transform's message.
 */
export const transformTemplate = async (python: string, template: object): Promise<object> => {
  const input = JSON.stringify(withArtifacts({ ...template }));
  const file = await cacheFile(input);
  let output = await readFile(file, 'utf8').catch(() => undefined);
  if (output === undefined) {
    output = await runTransform(python, input);
    await keep(file, output);
  }
  const transformed: unknown = JSON.parse(output);
  if (!isObject(transformed)) throw new TemplateTransformError('The transform gave no template');
  return transformed;
};
