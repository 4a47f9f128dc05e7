#!/usr/bin/env node
// leat from its TypeScript source, with no build.
import {fileURLToPath} from 'node:url'
import {register} from 'tsx/esm/api'

// By our own settings, wherever it is started.
register({tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url))})

const {main} = await import('../src/cli/main.ts')
await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)))
