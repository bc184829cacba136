import type { Command } from 'commander';

/** How each command is used, as people paste it, by its name with those before it. */
const examples: Readonly<Record<string, readonly string[]>> = {
  triage: [
    'cordon triage i-0123456789abcdef0',
    'cordon triage finding.json --setting MinimumSeverity=9',
  ],
  contain: [
    'cordon contain i-0123456789abcdef0 --dry-run',
    'cordon contain i-0123456789abcdef0 --reason "seen"',
  ],
  verify: ['cordon verify i-0123456789abcdef0', 'cordon verify web-7'],
  status: ['cordon status', 'cordon status --region all --csv'],
  take: ['cordon take 20261122T030000Z-i-0123456789abcdef0'],
  approve: ['cordon approve 20261122T030000Z-i-0123456789abcdef0'],
  refuse: ['cordon refuse 20261122T030000Z-i-0123456789abcdef0 --reason "a load test"'],
  release: [
    'cordon release i-0123456789abcdef0 --dry-run',
    'cordon release i-0123456789abcdef0 --reason "false alarm"',
  ],
  report: ['cordon report 20261122T030000Z-i-0123456789abcdef0 --out case.html'],
  trail: ['cordon trail 20261122T030000Z-i-0123456789abcdef0', 'cordon trail --all'],
  doctor: ['cordon doctor --region eu-central-1'],
  evidence: ['cordon evidence 20261122T030000Z-i-0123456789abcdef0 --verify'],
  'evidence fetch': [
    'cordon evidence fetch i-0123456789abcdef0 user-data/user-data.txt --out a.txt',
  ],
  'evidence analyse': [
    'cordon evidence analyse i-0123456789abcdef0 --instance i-0fedcba9876543210',
  ],
  'evidence clean': ['cordon evidence clean i-0123456789abcdef0 --dry-run'],
  'evidence flows': ['cordon evidence flows i-0123456789abcdef0'],
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
