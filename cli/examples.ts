import type { Command } from 'commander';

const instance = 'i-0123456789abcdef0';
const caseId = `20261122T030000Z-${instance}`;

/** How each command is used, as people paste it, by its name with those before it. */
const examples: Readonly<Record<string, readonly string[]>> = {
  triage: [`cordon triage ${instance}`, 'cordon triage finding.json --setting MinimumSeverity=9'],
  contain: [`cordon contain ${instance} --dry-run`, `cordon contain ${instance} --reason "seen"`],
  verify: [`cordon verify ${instance}`, 'cordon verify web-7'],
  status: ['cordon status', 'cordon status --region all --csv'],
  take: [`cordon take ${caseId}`],
  approve: [`cordon approve ${caseId}`],
  refuse: [`cordon refuse ${caseId} --reason "a load test"`],
  release: [
    `cordon release ${instance} --dry-run`,
    `cordon release ${instance} --reason "false alarm"`,
  ],
  report: [`cordon report ${caseId} --out case.html`],
  trail: [`cordon trail ${caseId}`, 'cordon trail --all'],
  doctor: ['cordon doctor --region eu-central-1'],
  evidence: [`cordon evidence ${caseId} --verify`],
  'evidence fetch': [`cordon evidence fetch ${instance} user-data/user-data.txt --out a.txt`],
  'evidence analyse': [`cordon evidence analyse ${instance} --instance i-0fedcba9876543210`],
  'evidence clean': [`cordon evidence clean ${instance} --dry-run`],
  'evidence flows': [`cordon evidence flows ${instance}`],
  prepare: ['cordon prepare --region eu-central-1'],
  stop: ['cordon stop --reason "false alarms"'],
  start: ['cordon start'],
  completion: [
    'source <(cordon completion bash)',
    'cordon completion zsh > ~/.zfunc/_cordon',
    'cordon completion fish > ~/.config/fish/completions/cordon.fish',
  ],
};

const textOf = (lines: readonly string[]): string =>
  ['', lines.length === 1 ? 'Example:' : 'Examples:', ...lines.map((one) => `  ${one}`)].join('\n');

/** Shows in the help of each command below this one how it is used. */
export const addExamples = (parent: Command, before = ''): void => {
  for (const command of parent.commands) {
    const path = `${before}${command.name()}`;
    const lines = examples[path];
    if (lines !== undefined) command.addHelpText('after', textOf(lines));
    addExamples(command, `${path} `);
  }
};
