/** Every command line of the README's guide runs, and exits as its comment says. */
import {spawn} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {openBus} from '../../src/index.js'
import {BIN, world} from '../cli/leat.js'

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')

/** Statements of the guide's sh blocks; what ends with a pipe or goes on indented belongs together. */
function statements(): string[] {
  const guide = README.slice(README.indexOf('## Guide'))
  const lines = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trimEnd().split('\n'),
  )
  return lines.reduce<string[]>((found, line) => {
    if (/^\s/.test(line)) found.push(`${found.pop() ?? ''}\n${line}`)
    else if (line !== '') found.push(line)
    return found
  }, [])
}

/** What a comment that begins with it promises (`# exit 2: …`), else 0 or whatever the comment names. */
function allowedExits(statement: string): number[] {
  const promised = /# exit (\d+):/.exec(statement)
  if (promised) return [Number(promised[1])]
  return [0, ...[...statement.matchAll(/exit (\d+)/g)].map(([, code]) => Number(code))]
}

test('the guide runs as it is written', {timeout: 240_000}, async () => {
  const {dir, env, store} = world({defaultStore: false})
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  writeFileSync(join(dir, 'handle.sh'), '#!/bin/sh\ncat >/dev/null\n')
  for (const file of [join(bin, 'leat'), join(dir, 'handle.sh')]) chmodSync(file, 0o755)
  writeFileSync(join(dir, 'report.json'), '{"ok": true}')
  const schema = {type: 'object', properties: {cpu: {type: 'number'}}}
  for (const name of ['metrics', 'new']) writeFileSync(join(dir, `${name}.schema.json`), JSON.stringify(schema))

  const bus = await openBus({store, as: 'alice', create: true})
  for (const name of ['audit', 'alerts', 'build.web']) await bus.createChannel(name)
  for (let count = 1; count <= 8; count++) await bus.send('audit', {body: `audit ${count}`})
  await bus.send('build.web', {body: 'build failed'})
  await bus.close()

  for (const statement of statements()) {
    const quick = statement.replace('30s', '200ms')
    const {code, output} = await shell(quick, dir, {
      ...env,
      PATH: `${bin}:${env['PATH']}`,
      STATUS: '-5 °C',
      LEAT_AS: 'alice',
    })
    expect(allowedExits(statement), `${statement}\n${output}`).toContain(code)
    // What the guide talks about has to be there: message 42 of ops, and what bob would look for.
    if (statement.startsWith('leat channel create ops')) await fill(store)
  }
})

async function fill(store: string): Promise<void> {
  const bus = await openBus({store, as: 'alice'})
  for (let count = 1; count <= 45; count++) await bus.send('ops', {body: `message ${count}`})
  await bus.close()
}

function shell(
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{code: number | null; output: string}> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({code, output}))
  })
}
