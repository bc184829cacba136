import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { contentDigest } from '../src/aws/document-digest.ts';
import { inProject } from './paths.ts';

const script = inProject('src/evidence/memory/scripts/acquire-linux.sh');

const device = '^/dev/sd[f-p]$';
const volume = '^vol-[0-9a-f]{8,17}$';
const hash = '[0-9a-f]{64}';

/**
 * The parameters of the document, what each may hold, and the variable of the script that it becomes.
 * Systems Manager puts a value into the text as it is: no pattern lets a quotation mark through.
 */
const parameters = [
  ['CaseId', 'CORDON_CASE', '^[A-Za-z0-9-]{1,80}$', 'The case of Cordon.'],
  ['InstanceId', 'CORDON_INSTANCE', '^i-[0-9a-f]{8,17}$', 'The instance.'],
  ['Nonce', 'CORDON_NONCE', `^${hash}$`, 'What the blank volume begins with.'],
  ['VolumeBytes', 'CORDON_VOLUME_BYTES', '^[0-9]{1,16}$', 'The size of the blank volume.'],
  ['Tool', 'CORDON_TOOL', '^[A-Za-z0-9._+-]{1,64}$', 'The tool on the volume of tools.'],
  ['ToolSha256', 'CORDON_TOOL_SHA256', `^none$|^${hash}$`, 'Its published SHA-256, or none.'],
  ['ImageVolumeId', 'CORDON_BLANK_VOLUME', volume, 'The blank volume.'],
  ['ImageDevice', 'CORDON_BLANK_DEVICE', device, 'The name that it is attached under.'],
  ['ToolsVolumeId', 'CORDON_TOOLS_VOLUME', volume, 'The volume of tools.'],
  ['ToolsDevice', 'CORDON_TOOLS_DEVICE', device, 'The name that it is attached under.'],
] as const;

const assignments = parameters.map(([name, variable]) => `${variable}='{{ ${name} }}'\n`).join('');

/** The Systems Manager document that writes memory onto a volume, made of the script. */
export const memoryDocument = () => ({
  schemaVersion: '2.2',
  description: 'Writes the memory of a host onto a volume that carries the nonce of its case.',
  parameters: Object.fromEntries(
    parameters.map(([name, , allowedPattern, description]) => [
      name,
      {
        type: 'String',
        description,
        allowedPattern,
      },
    ]),
  ),
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'acquireLinux',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: {
        timeoutSeconds: '14400',
        runCommand: [`CORDON_ROOT=''\n${assignments}${readFileSync(script, 'utf8')}`],
      },
    },
  ],
});

export const memoryTemplateFile = inProject('templates/memory.yaml');

const contentBegins = '\n      Content:\n';

/** templates/memory.yaml with the document as it is now: it ends with it. */
export const memoryTemplate = (): string => {
  const [rest = ''] = readFileSync(memoryTemplateFile, 'utf8').split(contentBegins);
  const content = stringify(memoryDocument(), { lineWidth: 0, blockQuote: 'literal' });
  return `${rest}${contentBegins}${content.replaceAll(/^(?=.)/gm, ' '.repeat(8))}`;
};

/** src/evidence/memory/document-digest.ts, whole. */
export const memoryDigestModule = (): string =>
  `/** Of the document that is deployed and tested; made by \`npm run memory-document\`. */
export const memoryDocumentDigest =
  '${contentDigest(JSON.stringify(memoryDocument()))}';
`;

export const memoryDigestFile = inProject('src/evidence/memory/document-digest.ts');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(memoryTemplateFile, memoryTemplate());
  writeFileSync(memoryDigestFile, memoryDigestModule());
}
