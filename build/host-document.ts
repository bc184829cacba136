import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { contentDigest } from '../src/aws/document-digest.ts';
import { inProject } from './paths.ts';

const scripts = inProject('src/actions/host-cut/scripts');

const linux = ['host-linux.sh', 'agent-linux.sh', 'nftables-linux.sh', 'iptables-linux.sh'];

/** The scripts of each step, in the order in which they run as one. */
const steps = [
  { name: 'cutLinux', action: 'cut', platform: 'Linux', parts: [...linux, 'cut-linux.sh'] },
  {
    name: 'restoreLinux',
    action: 'restore',
    platform: 'Linux',
    parts: ['host-linux.sh', 'restore-linux.sh'],
  },
  { name: 'cutWindows', action: 'cut', platform: 'Windows', parts: ['cut-windows.ps1'] },
  {
    name: 'restoreWindows',
    action: 'restore',
    platform: 'Windows',
    parts: ['restore-windows.ps1'],
  },
] as const;

/** The step that is not asked for ends at once; what a parameter may hold, the document says. */
const beginning = (action: string, platform: string): string =>
  platform === 'Linux'
    ? `[ '{{ Action }}' = '${action}' ] || exit 0\nset -- '{{ Case }}'\n`
    : `if ('{{ Action }}' -ne '${action}') { exit 0 }\n$CaseId = '{{ Case }}'\n`;

/** The text of one step, as it runs on the host. */
const textOf = ({ action, platform, parts }: (typeof steps)[number]): string =>
  beginning(action, platform) +
  parts.map((part) => readFileSync(join(scripts, part), 'utf8')).join('\n');

/** The Systems Manager document that cuts a host, made of the scripts. */
export const hostDocument = () => ({
  schemaVersion: '2.2',
  description: 'Cuts a host off from everything but its agent, or takes that away again.',
  parameters: {
    Action: { type: 'String', description: 'What to do.', allowedValues: ['cut', 'restore'] },
    Case: {
      type: 'String',
      description: 'The case of Cordon for which it is done.',
      allowedPattern: '^[A-Za-z0-9-]{1,64}$',
    },
  },
  mainSteps: steps.map((step) => ({
    action: step.platform === 'Linux' ? 'aws:runShellScript' : 'aws:runPowerShellScript',
    name: step.name,
    precondition: { StringEquals: ['platformType', step.platform] },
    inputs: { timeoutSeconds: '50', runCommand: [textOf(step)] },
  })),
});

const template = () => ({
  AWSTemplateFormatVersion: '@version',
  Description: 'The document by which Cordon cuts a host (docs/isolation.md).',
  Resources: {
    HostDocument: {
      Type: 'AWS::SSM::Document',
      Properties: {
        DocumentType: 'Command',
        DocumentFormat: 'JSON',
        TargetType: '/AWS::EC2::Instance',
        UpdateMethod: 'NewVersion',
        Content: hostDocument(),
      },
    },
  },
  Outputs: { DocumentName: { Value: '@ref' } },
});

/** templates/host.yaml, whole. */
export const hostTemplate = (): string =>
  `# Made of src/actions/host-cut/scripts by \`npm run host-document\`; a test compares it with them.\n${stringify(
    template(),
    { lineWidth: 0, blockQuote: 'literal' },
  )
    .replace('"@version"', "'2010-09-09'")
    .replace('"@ref"', '!Ref HostDocument')}`;

/** src/case/host-document-digest.ts, whole. */
export const hostDigestModule = (): string =>
  `/** Of the document that is deployed and tested; made by \`npm run host-document\`. */
export const hostDocumentDigest =
  '${contentDigest(JSON.stringify(hostDocument()))}';
`;

export const hostTemplateFile = inProject('templates/host.yaml');
export const hostDigestFile = inProject('src/case/host-document-digest.ts');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(hostTemplateFile, hostTemplate());
  writeFileSync(hostDigestFile, hostDigestModule());
}
