import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export only.
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts'],
    // The suites start servers and clients of their own and measure time-outs: one at a time, and with patience.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
