/** The pages about the doors: every example runs, in the order of its page, and prints what stands below it. */
import {spawn} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {OPERATIONS} from '../../src/server/operations.js'
import {STATUS} from '../../src/server/status.js'
import {background} from '../cli/background.js'
import {BIN, world} from '../cli/leat.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const pageOf = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8')

interface Example {
  language: 'sh' | 'js' | 'python'
  code: string
  /** What it prints; … is anything. */
  output: string
}

const EXAMPLE = /^```(sh|js|python)\n([\s\S]*?)^```\n```output\n([\s\S]*?)^```$/gm

const examplesOf = (page: string): Example[] =>
  [...page.matchAll(EXAMPLE)].map(([, language, code, output]) => ({language, code, output}) as Example)

const RUN = {sh: ['bash', 'sh'], js: [process.execPath, 'mjs'], python: ['python3', 'py']} as const

/** What a program prints until it ends well. */
function printed(
  command: string,
  args: string[],
  options: {cwd: string; env: Record<string, string>},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {...options, stdio: ['ignore', 'pipe', 'pipe']})
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`exit ${code}: ${out}${err}`))))
  })
}

const pattern = (output: string): RegExp => new RegExp(`^${output.trimEnd().split('…').map(escaped).join('.*')}$`)

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

test.each(['http.md', 'sse.md'])('what %s shows runs', {timeout: 120_000}, async (name) => {
  const page = pageOf(name)
  const examples = examplesOf(page)
  // None is without its output, so that none is passed over.
  expect(examples.length).toBe([...page.matchAll(/^```(sh|js|python)$/gm)].length)
  const {dir, env, leat} = world()
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin/leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(dir, 'bin/leat'), 0o755)
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
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
  for (const [at, {language, code, output}] of examples.entries()) {
    const [command, ending] = RUN[language]
    const file = join(dir, `example-${at}.${ending}`)
    writeFileSync(file, language === 'sh' ? `set -euo pipefail\n${code}` : code)
    const said = await printed(command, [file], {cwd: dir, env: around})
    expect(said.trimEnd()).toMatch(pattern(output))
  }
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({code: 0})
})

test('http.md names every operation and every status', () => {
  const page = pageOf('http.md')
  for (const {name, summary, http} of OPERATIONS)
    expect(page).toContain(`| \`${http.method} ${http.path}\` | \`${name}\` | ${summary} |`)
  for (const [code, status] of Object.entries(STATUS))
    if (code !== 'PARTIAL') expect(page).toMatch(new RegExp(`^\\| ${status} \\|.*\`${code}\``, 'm'))
})
