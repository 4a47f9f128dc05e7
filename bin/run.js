#!/usr/bin/env node
import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const entry = new URL('../dist/cli/main.js', import.meta.url)

if (existsSync(entry)) {
  const {main} = await import(entry.href)
  await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)))
} else {
  process.stderr.write('leat is not built: npm run build\n')
  process.exitCode = 1
}
