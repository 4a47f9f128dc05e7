/** docs/transports.md: what it shows runs. */
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {type AddressInfo, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, onTestFinished, test} from 'vitest'
import {HttpTransport} from '../../src/transport/http.js'
import {until} from '../cli/background.js'
import {world} from '../cli/leat.js'
import {message, OLDER_SECRET, recipient, SECRET, sendTo} from '../transport/given.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/transports.md'), 'utf8')

/** The examples in a language, in the order of the page. */
const examples = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code)

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'leat-doc-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  return dir
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const {port} = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

/** A program that is ended after the test, and what it has printed. */
function running(command: string, args: string[], env: Record<string, string>): {printed: () => string} {
  const child: ChildProcess = spawn(command, args, {env: {PATH: process.env['PATH'], ...env}})
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return {printed: () => printed}
}

test.each([
  ['JavaScript', 'js', 'hook.mjs', process.execPath],
  ['Python', 'python', 'hook.py', 'python3'],
])(
  'a receiver in %s takes what is signed, while the secret is being changed too, and nothing else',
  async (_name, language, file, command) => {
    const dir = folder()
    writeFileSync(join(dir, file), examples(language)[0] ?? '')
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
    const port = await freePort()
    const hook = running(command, [join(dir, file)], {PORT: String(port), WEBHOOK_SECRET: SECRET})
    const http = new HttpTransport()
    onTestFinished(() => http.close())
    const post = (secrets: string[]) =>
      sendTo(
        http,
        recipient({endpoint: `http://127.0.0.1:${port}/`, allowPrivate: true}, {secrets: async () => secrets}),
        {
          sent: message({body: 'größer → 😀'}),
        },
      )
    await until(async () => expect(await post([SECRET])).toMatchObject({success: true}))
    expect(await post([OLDER_SECRET, SECRET])).toMatchObject({success: true, status: 204})
    expect(await post([OLDER_SECRET])).toMatchObject({success: false, status: 401})
    await until(() => expect(hook.printed()).toBe('ops/42 alice: größer → 😀\n'.repeat(2)))
  },
)

test('the plug-in that is shown can be added, and is available as it says', async () => {
  const {leat, dir} = world()
  const plugin = join(dir, 'plugin')
  mkdirSync(plugin)
  writeFileSync(join(plugin, 'package.json'), examples('json')[0] ?? '')
  writeFileSync(join(plugin, 'index.js'), examples('js')[1] ?? '')
  expect((await leat`transport add ./plugin --json`).json()).toEqual({
    package: 'leat-transport-log',
    transports: ['log'],
  })
  expect((await leat`transport list`).lines().at(-1)).toBe('log\tout\tno\tset LOG_PREFIX\tleat-transport-log')
  const listed = await leat({env: {LOG_PREFIX: '>'}})`transport list --json`
  expect(listed.jsonLines().at(-1)).toMatchObject({name: 'log', available: true})
})
