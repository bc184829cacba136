import { defineConfig } from 'vitest/config';

/** Needs Python: the emulator, the transform, the linter, the SAM CLI. */
const emulated = [
  'emulator/test/**/*.test.ts',
  'test/{build,containment,template}/**/*.test.ts',
  'test/docs/run-blocks.test.ts',
];

/** Of those, what starts and ends processes of its own, or replaces the environment for a while. */
const alone = ['test/build/**/*.test.ts', 'emulator/test/emulator.test.ts'];

/** On hosts in namespaces of their own, as root: what is not for a quick look. */
const onHosts = ['test/host/**/*.test.ts'];

/** In a browser, which is installed where there is none. */
const inBrowser = ['test/browser/**/*.test.ts'];

/** Replaces a module, which the files that share their modules must not see. */
const replacing = ['test/case/printed-commands.test.ts'];

export default defineConfig({
  test: {
    // More than two cores, as files that run the state machine wait for much of their time; no more, as each
    // has an emulator beside it, and a run that AWS answers too late is rightly not called contained.
    maxWorkers: 3,
    // No test measures time: this only ends what would never end, on the busiest machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...emulated, ...replacing, ...onHosts, ...inBrowser],
          // These share nothing that they change, and loading all anew for each takes longest.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'unit-alone', include: replacing } },
      { extends: true, test: { name: 'browser', include: inBrowser } },
      {
        extends: true,
        test: { name: 'host', include: onHosts, globalSetup: ['emulator/test/motos.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'emulated',
          include: emulated,
          exclude: alone,
          globalSetup: ['emulator/test/motos.ts'],
          // A worker keeps its emulator, the functions that are loaded, and the code of the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'emulated-alone', include: alone, globalSetup: ['emulator/test/motos.ts'] },
      },
    ],
  },
});
