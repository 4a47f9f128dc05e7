/** Every command line of docs/transfer.md runs. */
import {execFile} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'
import {examplesOf} from './pages.js'

test('the page on export and import runs as it is written', {timeout: 120_000}, async () => {
  const {dir, env} = world()
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin', 'leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(dir, 'bin', 'leat'), 0o755)
  const script = examplesOf('transfer.md').map(({code}) => code)
  expect(script.length).toBe(3)
  const {stdout} = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script.join('')], {
    cwd: dir,
    env: {...env, PATH: `${join(dir, 'bin')}:${env['PATH']}`, LEAT_AS: 'alice'},
  })
  expect(stdout).toContain('"channels":["old-ops"]')
  expect(stdout).toContain('# Operations (ops)')
  expect(readFileSync(join(dir, 'thread.md'), 'utf8')).toMatch(/^# deploy finished\n/)
  expect(readFileSync(join(dir, 'errors.jsonl'), 'utf8')).toContain('"content":{"level":"error","n":1.0}')
})
