/** Every command line of the README's guide runs, and exits as its comment says. */
import {type ChildProcess, spawn} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {type AddressInfo, createServer} from 'node:net'
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

/** Its command without the comment behind it, and how it ends: by itself, in the background, or when it is interrupted. */
function commandOf(statement: string): {command: string; way: 'ends' | 'background' | 'interrupted'} {
  const [command = '', comment = ''] = statement.split(/\s+# /, 2)
  if (command.trimEnd().endsWith('&')) return {command: command.trimEnd().slice(0, -1), way: 'background'}
  return {command: statement, way: comment.includes('until Ctrl-C') ? 'interrupted' : 'ends'}
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
  writeFileSync(join(dir, 'calc.sh'), '#!/bin/sh\nxargs expr\n')
  writeFileSync(join(dir, 'stock.sh'), '#!/bin/sh\necho 12\n')
  writeFileSync(join(dir, 'notify.sh'), '#!/bin/sh\ncat >/dev/null\n')
  for (const file of ['bin/leat', 'handle.sh', 'calc.sh', 'stock.sh', 'notify.sh']) chmodSync(join(dir, file), 0o755)
  writeFileSync(join(dir, 'report.json'), '{"ok": true}')
  const schema = {type: 'object', properties: {cpu: {type: 'number'}}}
  for (const name of ['metrics', 'new']) writeFileSync(join(dir, `${name}.schema.json`), JSON.stringify(schema))

  const bus = await openBus({store, as: 'alice', create: true})
  for (const name of ['audit', 'alerts', 'build.web', 'shop', 'results']) await bus.createChannel(name)
  for (let count = 1; count <= 8; count++) await bus.send('audit', {body: `audit ${count}`})
  await bus.send('build.web', {body: 'build failed'})
  await bus.close()

  const around = {...env, PATH: `${bin}:${env['PATH']}`, STATUS: '-5 °C', LEAT_AS: 'alice'}
  const background: ChildProcess[] = []
  const port = await freePort()
  try {
    for (const written of statements()) {
      // Another leat may be serving on this machine.
      const statement = written.replace('leat serve', `leat serve --port ${port}`).replace(':7428/', `:${port}/`)
      const {command, way} = commandOf(statement.replace('--wait 30s', '--wait 200ms'))
      if (way === 'background') {
        const child = spawn('bash', ['-c', `exec ${command}`], {
          cwd: dir,
          env: around,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        background.push(child)
        await until(child, /responding|ready/)
        continue
      }
      const {code, output} = await shell(command, dir, around, way === 'interrupted' ? /following/ : undefined)
      expect(way === 'interrupted' ? [130] : allowedExits(statement), `${statement}\n${output}`).toContain(code)
      // What the guide talks about has to be there: message 42 of ops, and what bob would look for.
      if (statement.startsWith('leat channel create ops')) await fill(store)
    }
  } finally {
    for (const child of background) child.kill()
  }
})

/** Until a background process has said that it is there. */
function until(child: ChildProcess, ready: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said += chunk
        if (ready.test(said)) resolve()
      })
    child.once('close', () => reject(new Error(`ended before it was ready: ${said}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function fill(store: string): Promise<void> {
  const bus = await openBus({store, as: 'alice'})
  for (let count = 1; count <= 45; count++) await bus.send('ops', {body: `message ${count}`})
  await bus.close()
}

/** @param interruptAt what it says on stderr when it may be interrupted, as by Ctrl-C */
function shell(
  script: string,
  cwd: string,
  env: Record<string, string>,
  interruptAt?: RegExp,
): Promise<{code: number | null; output: string}> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true})
    let output = ''
    let interrupted = false
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk
        if (interrupted || !interruptAt?.test(output)) return
        interrupted = true
        process.kill(-child.pid!, 'SIGINT')
      })
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({code: signal === 'SIGINT' ? 130 : code, output}))
  })
}
