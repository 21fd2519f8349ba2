import { defineConfig } from 'vitest/config'

export const config = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/services/**'],
    testTimeout: 20_000,
  },
})

// Vitest reads its configuration from the default export only.
export default config
