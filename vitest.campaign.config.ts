import { defineConfig } from 'vitest/config';

/** `npm run campaign`: too long for every day, run before an issue is called done. */
export default defineConfig({
  test: {
    include: ['test/campaign/**/*.campaign.ts'],
    globalSetup: ['emulator/test/motos.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
