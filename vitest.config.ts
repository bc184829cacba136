import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    // Files that start an emulator share two cores; each test may wait for a state machine.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    restoreMocks: true,
  },
});
