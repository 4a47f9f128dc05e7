/** Every command line of docs/permissions.md runs, and exits as its comment says. */
import {execFile} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/permissions.md', import.meta.url)), 'utf8')

const lines = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trimEnd().split('\n'))

test('the page on permissions runs as it is written', {timeout: 120_000}, async () => {
  const {dir, env} = world()
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin', 'leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(dir, 'bin', 'leat'), 0o755)
  // One shell for all: each line says how it ended.
  const script = lines.map((line) => `${line}\necho "exit $?" >> exits\n`).join('')
  await promisify(execFile)('bash', ['-c', script], {
    cwd: dir,
    env: {...env, PATH: `${join(dir, 'bin')}:${env['PATH']}`},
  })
  const exits = readFileSync(join(dir, 'exits'), 'utf8').trimEnd().split('\n')
  const expected = lines.map((line) => /# (exit \d+):/.exec(line)?.[1] ?? 'exit 0')
  expect(lines.map((line, index) => [line, exits[index]])).toEqual(lines.map((line, index) => [line, expected[index]]))
  expect(lines.length).toBeGreaterThan(20)
})
