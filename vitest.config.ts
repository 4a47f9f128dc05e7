import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Most tests start leat as a process: they wait for a core more than they use one.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests look at what is really written to stdout and stderr.
    disableConsoleIntercept: true,
  },
})
