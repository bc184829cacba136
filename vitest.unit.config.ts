import { defineConfig } from 'vitest/config';

/** `npm run test:unit`: what needs neither Python nor a build, for while one writes. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/{build,containment,emulator,template}/**'],
    // The files share nothing that they change, and loading everything anew for each takes longest.
    isolate: false,
    // No test measures time: this only ends what would never end, on the busiest machine too.
    testTimeout: 300_000,
    restoreMocks: true,
  },
});
