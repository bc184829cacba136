import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { ensureShellcheck, shellcheck } from './shellcheck.ts';
import { stepsFor } from './suspect.ts';

let program = '';
beforeAll(async () => {
  program = await ensureShellcheck();
});

/** The scripts on hosts are parts of one, and are looked at as that. */
const onHosts = 'src/actions/host-cut/scripts/';

/** The step of an action without its first lines, which compare what was filled in. */
const deployed = (action: 'cut' | 'restore'): string => {
  const { text = '' } = stepsFor(action).find(({ step }) => step === `${action}Linux`) ?? {};
  return text.split('\n').slice(2).join('\n');
};

const others = globSync(['**/*.sh', '.ci/*'], {
  cwd: inProject(),
  exclude: (name) => /^(node_modules|dist|\.git|\.venv.*|\.aws-sam)$/.test(basename(name)),
}).filter((file) => !file.startsWith(onHosts));

describe('ShellCheck', () => {
  it.each(['cut', 'restore'] as const)(
    'finds nothing in what is deployed to %s',
    async (action) => {
      expect(await shellcheck(program, deployed(action))).toBe('');
    },
  );

  it('has every part of it before its eyes', () => {
    const whole = deployed('cut') + deployed('restore');
    const parts = globSync(`${onHosts}*.sh`, { cwd: inProject() });
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) expect(whole).toContain(readFileSync(inProject(part), 'utf8').trim());
  });

  it.each(others)('finds nothing in %s', async (file) => {
    const script = readFileSync(inProject(file), 'utf8');
    const shell = script.startsWith('#!/usr/bin/env bash') ? 'bash' : 'sh';
    expect(await shellcheck(program, script, shell)).toBe('');
  });

  it('would find what breaks on a name with a space', async () => {
    expect(await shellcheck(program, '#!/bin/sh\nrm -r $1\n')).toContain('SC2086');
  });
});
