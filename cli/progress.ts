import { Listr } from 'listr2';
import type { StepEntry, StepName } from '../src/case/step.ts';
import { stepNames } from '../src/case/step.ts';
import type { Watcher } from '../src/step-runner.ts';

/** Steps that the runbook in one process runs. */
const shown: readonly StepName[] = stepNames.filter(
  (name) => name !== 'check-snapshots' && name !== 'acquire-memory',
);

/**
 * Shows each step while it runs, plainly where there is no terminal. `while` settles as the work
 * does.
 */
export const showProgress = async <Result>(
  work: (watcher: Watcher) => Promise<Result>,
  quiet: boolean,
): Promise<Result> => {
  if (quiet) return work({ began: () => {}, ended: () => {} });
  const ends = new Map(shown.map((name) => [name, Promise.withResolvers<StepEntry | undefined>()]));
  const release = () => {
    for (const end of ends.values()) end.resolve(undefined);
  };
  const working = work({
    began: () => {},
    ended: (entry) => ends.get(entry.step)?.resolve(entry),
  }).finally(release);
  const list = new Listr(
    shown.map((name) => ({
      title: name,
      task: async (_, task) => {
        const entry = await ends.get(name)?.promise;
        if (entry === undefined) return task.skip(`${name}: not run`);
        if (entry.outcome === 'failed') throw new Error(`${name}: ${entry.error?.message ?? ''}`);
        task.title = `${name}: ${entry.outcome}`;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      fallbackRenderer: 'simple',
    },
  );
  const [result] = await Promise.all([working, list.run()]);
  return result;
};
