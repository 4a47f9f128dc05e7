/** The pages about the doors: every example runs, in the order of its page, and prints what stands below it. */
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {OPERATIONS} from '../../src/server/operations.js'
import {STATUS} from '../../src/server/status.js'
import {background} from '../cli/background.js'
import {BIN, world} from '../cli/leat.js'
import {examplesOf, play, withPackages} from './pages.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What an example prints; … is anything. */
const pattern = (output: string): RegExp => new RegExp(`^${output.trimEnd().split('…').map(escaped).join('.*')}$`)

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

test.each(['http.md', 'sse.md'])('what %s shows runs', {timeout: 120_000}, async (name) => {
  const examples = examplesOf(name)
  const runnable = examples.filter(({language}) => ['sh', 'js', 'python'].includes(language))
  expect(runnable.length).toBeGreaterThan(3)
  const {dir, env, leat} = world()
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin/leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(dir, 'bin/leat'), 0o755)
  withPackages(dir)
  const token = (await leat`token create --for alice -q`).stdout.trim()
  const server = background(env)`serve --port 0`
  await server.says(/ready http\S+\n/)
  const url = /ready (\S+)/.exec(server.stdout)?.[1] ?? ''
  const around = {
    ...env,
    PATH: `${join(dir, 'bin')}:${env['PATH']}`,
    LEAT_AS: 'alice',
    LEAT_URL: url,
    LEAT_TOKEN: token,
  }
  for (const example of runnable) {
    const output = examples[examples.indexOf(example) + 1]
    expect(output?.language, `what comes behind ${example.code}`).toBe('output')
    const running = play(example, dir, around)
    expect(await running.ended, running.stdout + running.stderr).toBe(0)
    expect(running.stdout.trimEnd()).toMatch(pattern(output?.code ?? ''))
  }
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({code: 0})
})

test('http.md names every operation and every status', () => {
  const page = readFileSync(join(ROOT, 'docs/http.md'), 'utf8')
  for (const {name, summary, http} of OPERATIONS)
    expect(page).toContain(`| \`${http.method} ${http.path}\` | \`${name}\` | ${summary} |`)
  for (const [code, status] of Object.entries(STATUS))
    if (code !== 'PARTIAL') expect(page).toMatch(new RegExp(`^\\| ${status} \\|.*\`${code}\``, 'm'))
})
