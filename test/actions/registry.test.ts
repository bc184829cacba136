import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { evidenceActions, reinforcements, runbookActions } from '../../src/actions/index.ts';
import { planners } from '../../src/actions/planners.ts';
import { controlNames } from '../../src/case/control.ts';
import { stepNames } from '../../src/case/step.ts';
import { evidenceKinds } from '../../src/evidence/kinds.ts';

const all = [...runbookActions, ...reinforcements, ...evidenceActions];

/** What is read back and changed by nobody: the snapshots are copies, the trail is written by all. */
const ofNoAction = ['snapshots', 'trail'];

describe('The registry of actions', () => {
  it('names every folder, and nothing else', () => {
    const folders = readdirSync(inProject('src', 'actions'), { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => name);
    expect(all.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
  });

  it('finds what each is and how it is given back in the same two files', () => {
    for (const { name } of all) {
      for (const file of ['action.ts', 'give-back.ts']) {
        expect(existsSync(inProject('src', 'actions', name, file)), `${name}/${file}`).toBe(true);
      }
    }
  });

  it('has a planner for each reinforcement, a step for each action of the runbook, a kind for each of evidence', () => {
    expect(Object.keys(planners).toSorted()).toEqual(
      reinforcements.map(({ name }) => name).toSorted(),
    );
    for (const { name } of runbookActions) expect(stepNames).toContain(name);
    const collected = evidenceKinds.map(({ name }) => name);
    for (const { name } of evidenceActions) expect(collected).toContain(name);
  });

  it('leaves no control of the proof without the action that it judges', () => {
    const judged = all.flatMap(({ controls }): readonly string[] => controls);
    expect([...judged, ...ofNoAction].toSorted()).toEqual([...controlNames].toSorted());
  });

  it('says for each what it takes to make it, and for each of the runbook to give it back', () => {
    for (const { permissions } of all) expect(permissions.length).toBeGreaterThan(0);
    for (const { releasePermissions } of [...runbookActions, ...evidenceActions]) {
      expect(releasePermissions.length).toBeGreaterThan(0);
    }
  });
});
