/** The examples of docs/shell.md run, and exit as their comments say. */
import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'
import {examplesOf} from './pages.js'

test('the shell page runs as it is written', () => {
  const {dir, env} = world()
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin', 'leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(dir, 'bin', 'leat'), 0o755)
  const around = {...env, PATH: `${join(dir, 'bin')}:${env['PATH']}`, LEAT_AS: 'alice'}
  const [setup, failing, ...others] = examplesOf('shell.md').filter(({language}) => language === 'sh')
  expect(others).toEqual([])
  execFileSync('bash', ['-euo', 'pipefail', '-c', setup?.code ?? ''], {cwd: dir, env: around})
  const log = execFileSync('leat', ['log', 'ops', '--json'], {cwd: dir, env: around}).toString()
  expect(
    log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).content),
  ).toEqual(['hello, team', 'two\nlines', 'again'])
  const statements = failing?.code.trim().split('\n') ?? []
  const ran = statements.map((statement) =>
    spawnSync('bash', ['-c', statement], {cwd: dir, env: around, encoding: 'utf8'}),
  )
  expect(ran.map(({status}) => status)).toEqual([3, 3])
  expect(ran.map(({stdout}) => stdout.includes('alice'))).toEqual([false, true])
  for (const {stderr} of ran) expect(stderr).toContain('line 1: no channel "nowhere"')
})
