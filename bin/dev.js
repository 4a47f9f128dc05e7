#!/usr/bin/env node
// leat from its TypeScript source, with no build.
'use strict'
const {dirname, join} = require('node:path')

const root = dirname(__dirname)

async function run() {
  const {register} = await import('tsx/esm/api')
  // By our own settings, wherever it is started.
  register({tsconfig: join(root, 'tsconfig.json')})
  const {main} = await import('../src/cli/main.ts')
  await main(process.argv.slice(2), root)
}

run()
