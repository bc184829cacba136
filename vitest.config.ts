import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/emulator/motos.ts'],
    // No test measures time: this only ends what would never end, on the busiest machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    restoreMocks: true,
  },
});
