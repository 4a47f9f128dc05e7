#!/usr/bin/env node
// leat from its TypeScript source, with no build.
import {fileURLToPath} from 'node:url'
import {register} from 'tsx/esm/api'

register()

const {main} = await import('../src/cli/main.ts')
await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)))
