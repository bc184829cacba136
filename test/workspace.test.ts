import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inProject } from '../emulator/project.ts';

const wanted = (file: string): Record<string, string> => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(inProject(file), 'utf8'));
  return { ...dependencies, ...devDependencies };
};

/** A package in two versions is installed twice, and its classes are not those of the other. */
test('the emulator wants the same version of a package as Cordon', () => {
  const own = wanted('package.json');
  const shared = Object.entries(wanted('emulator/package.json')).filter(([name]) => name in own);
  expect(shared.length).toBeGreaterThan(0);
  expect(Object.fromEntries(shared)).toEqual(
    Object.fromEntries(shared.map(([name]) => [name, own[name]])),
  );
});
