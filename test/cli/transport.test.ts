/** What transports there are, and plug-ins that add some. */
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {describe, expect, test} from 'vitest'
import {messageJson} from '../../src/model/message.js'
import type {Transport} from '../../src/transport/transport.js'
import {channel, message, recipient} from '../transport/given.js'
import {type World, world} from './leat.js'

const EXAMPLE = fileURLToPath(new URL('../../examples/transport-file', import.meta.url))

/** A folder with a package whose hook is this module. */
function plugin({dir}: World, name: string, source: string | undefined): string {
  const folder = join(dir, 'packages', name.replaceAll('/', '-'))
  mkdirSync(folder, {recursive: true})
  const oclif = source === undefined ? {} : {oclif: {hooks: {'leat:transports': './hook.js'}}}
  writeFileSync(join(folder, 'package.json'), JSON.stringify({name, version: '1.0.0', type: 'module', ...oclif}))
  if (source !== undefined) writeFileSync(join(folder, 'hook.js'), source)
  return folder
}

const registering = (...names: string[]): string => `
export default async ({register}) => {
  for (const name of ${JSON.stringify(names)})
    register({name, isAvailable: () => true, send: async () => ({success: true, deliveredCount: 1, failedCount: 0, errors: []})})
}`

describe('transport list', () => {
  test('tells which way they go, and why some are not available', async () => {
    const {leat} = world()
    expect((await leat`transport list`).lines()).toEqual([
      'http\tin/out\tyes\t\t',
      'email\tout\tno\tset LEAT_SMTP_URL, like smtps://user:password@mail.example.org\t',
      ...['websocket\tin/out', 'sse\tout', 'socket\tin/out'].map(
        (line) => `${line}\tno\tneeds leat serve, to which subscribers are connected\t`,
      ),
      'channel\tout\tyes\t\t',
      'exec\tout\tyes\t\t',
    ])
    const env = {LEAT_SMTP_URL: 'smtp://user:s3cret@localhost'}
    const listed = await leat({env})`transport list --json`
    expect(listed.jsonLines()[1]).toEqual({name: 'email', direction: 'out', available: true})
    expect(listed.stdout + listed.stderr).not.toContain('s3cret')
  })

  test('needs no store and makes none', async () => {
    const {leat, dir} = world()
    expect((await leat({env: {LEAT_STORE: '/nowhere/at/all.db'}})`transport list`).code).toBe(0)
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('a plug-in', () => {
  test('is added from a folder, listed, and removed', async () => {
    const {leat, dir} = world()
    const added = await leat`transport add ${EXAMPLE} --json`
    expect(added.stderr).toBe('')
    expect(added.json()).toEqual({package: 'leat-transport-file', transports: ['file']})
    expect((await leat`transport list --json`).jsonLines().at(-1)).toEqual({
      name: 'file',
      direction: 'out',
      available: true,
      package: 'leat-transport-file',
    })
    expect((await leat`transport list`).lines().at(-1)).toBe('file\tout\tyes\t\tleat-transport-file')
    expect(statSync(join(dir, 'data/leat')).mode & 0o77).toBe(0)

    const again = await leat`transport add ${EXAMPLE}`
    expect([again.code, again.stderr]).toEqual([
      6,
      'leat: the plug-in leat-transport-file is there already (leat transport remove leat-transport-file)\n',
    ])
    expect((await leat`transport remove file --json`).json()).toEqual({removed: 'leat-transport-file'})
    expect((await leat`transport list --json`).jsonLines().map(({name}) => name)).not.toContain('file')
    expect(readdirSync(join(dir, 'data/leat/plugins'))).toEqual([])
    expect((await leat`transport remove file`).code).toBe(3)
  })

  test('is a copy: it stays when its folder goes, and so do the others', async () => {
    const {leat, dir} = world()
    const here = join(dir, 'mine')
    cpSync(EXAMPLE, here, {recursive: true})
    await leat`transport add ./mine`
    rmSync(here, {recursive: true})
    const scoped = plugin({dir} as World, '@acme/leat-two', registering('one', 'two'))
    expect((await leat`transport add ${scoped} --json`).json()).toEqual({
      package: '@acme/leat-two',
      transports: ['one', 'two'],
    })
    const names = async () =>
      (await leat`transport list --json`)
        .jsonLines()
        .slice(7)
        .map(({name}) => name)
    expect(await names()).toEqual(['file', 'one', 'two'])
    expect((await leat`transport remove @acme/leat-two`).code).toBe(0)
    expect(await names()).toEqual(['file'])
  })

  test.each([
    ['brings no transport', undefined, /it registers no transport \(hook leat:transports\)/],
    ['registers nothing', 'export default async () => {}', /it registers no transport/],
    ['takes a name of leat', registering('http'), /there is a transport "http" already, of leat itself/],
    ['fails as it is loaded', 'throw new Error("boom \\u001b[31m")', /: boom \\x1b\[31m/],
    [
      'registers something else',
      'export default ({register}) => register({name: "x"})',
      /transport "x" has no send\(\)/,
    ],
    [
      'registers without a name',
      'export default ({register}) => register(null)',
      /undefined is not a transport's name/,
    ],
  ])('that %s is not added', async (_what, source, why) => {
    const one = world()
    const folder = plugin(one, 'leat-broken', source)
    const refused = await one.leat`transport add ${folder}`
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/^leat: leat-broken is not added: /)
    expect(refused.stderr).toMatch(why)
    expect(readdirSync(join(one.dir, 'data/leat/plugins'))).toEqual([])
    expect(existsSync(join(one.dir, 'data/leat/package.json'))).toBe(false)
  })

  test('that another one has taken the name of is not added', async () => {
    const one = world()
    await one.leat`transport add ${plugin(one, 'leat-first', registering('same'))}`
    const refused = await one.leat`transport add ${plugin(one, 'leat-second', registering('same'))}`
    expect(refused.stderr).toContain('there is a transport "same" already, of leat-first')
    expect((await one.leat`transport list --json`).jsonLines().at(-1)).toMatchObject({package: 'leat-first'})
  })

  test('that breaks later is told, with the reason, and stops nothing', async () => {
    const one = world()
    for (const name of ['leat-a', 'leat-b', 'leat-c'])
      await one.leat`transport add ${plugin(one, name, registering(name.slice(5)))}`
    const installed = (name: string) => join(one.dir, `data/leat/plugins/${name}/node_modules/${name}/hook.js`)
    writeFileSync(installed('leat-a'), 'throw new Error("no more")')
    writeFileSync(installed('leat-b'), 'export default async () => { throw new Error("not today") }')
    const listed = await one.leat`transport list --json`
    expect(listed.code).toBe(0)
    expect(listed.jsonLines().at(-1)).toMatchObject({name: 'c', available: true})
    expect(listed.stderr).toBe('the plug-in leat-a is not used: no more\nthe plug-in leat-b is not used: not today\n')
    expect((await one.leat`transport remove leat-a`).code).toBe(0)
  })

  test('that can not say whether it is available is not', async () => {
    const one = world()
    const source = `export default ({register}) => {
      register({name: 'a', direction: 'in', send() {}, isAvailable() { throw new Error('who knows') }})
      register({name: 'b', direction: 'both', send() {}, isAvailable: async () => false, unavailableBecause: () => 'no key'})
    }`
    await one.leat`transport add ${plugin(one, 'leat-odd', source)}`
    expect((await one.leat`transport list`).lines().slice(-2)).toEqual([
      'a\tin\tno\twho knows\tleat-odd',
      'b\tin/out\tno\tno key\tleat-odd',
    ])
  })

  test('is not looked at by a command that needs no transports', async () => {
    const one = world()
    const loud = `import {appendFileSync} from 'node:fs'
      appendFileSync(process.env.SEEN, 'loaded\\n')
      ${registering('loud')}`
    const env = {SEEN: join(one.dir, 'seen')}
    await one.leat({env})`transport add ${plugin(one, 'leat-loud', loud)}`
    writeFileSync(env.SEEN, '')
    await one.leat({env})`send ops hi --create`
    await one.leat({env})`read ops`
    expect(readFileSync(env.SEEN, 'utf8')).toBe('')
    await one.leat({env})`transport list`
    expect(readFileSync(env.SEEN, 'utf8')).toBe('loaded\n')
  })

  test('that is no package, or that npm can not install', async () => {
    const {leat, dir} = world()
    const missing = await leat`transport add ./not-there`
    expect([missing.code, missing.stderr]).toEqual([3, 'leat: there is no folder and no file "./not-there"\n'])
    const folder = await leat`transport add ${dir} --json`
    expect([folder.code, folder.error().message]).toEqual([
      2,
      `the folder ${JSON.stringify(dir)} is no package: it has no package.json`,
    ])
    writeFileSync(join(dir, 'torn.tgz'), 'no tarball')
    const torn = await leat`transport add ./torn.tgz --json`
    expect([torn.code, torn.error().code]).toEqual([8, 'REMOTE'])
    expect(torn.error().message).toMatch(/^npm install failed: ./)
    expect(readdirSync(join(dir, 'data/leat/plugins'))).toEqual([])
    const without = await leat({env: {PATH: '/nonexistent'}})`transport add ./torn.tgz --json`
    expect(without.error()).toMatchObject({code: 'REMOTE', message: "npm can't be run"})
  })

  test('is installed without the secrets of leat', async () => {
    const {leat, dir, env} = world()
    mkdirSync(join(dir, 'bin'))
    writeFileSync(join(dir, 'bin/npm'), '#!/bin/sh\nenv > "$SEEN"; exit 1\n', {mode: 0o755})
    const secrets = {LEAT_TOKEN: 't0ken', LEAT_SMTP_URL: 'smtp://u:s3cret@localhost'}
    const seen = join(dir, 'seen')
    const added = await leat({env: {...secrets, SEEN: seen, PATH: `${dir}/bin:${env['PATH']}`}})`transport add x`
    expect([added.code, added.stderr]).toEqual([8, 'leat: npm install failed: exit code 1\n'])
    expect(readFileSync(seen, 'utf8')).toContain(`SEEN=${seen}`)
    expect(readFileSync(seen, 'utf8')).not.toMatch(/t0ken|s3cret/)
  })
})

describe('the example', () => {
  const load = async (): Promise<Transport> => {
    const {fileTransport} = await import(pathToFileURL(join(EXAMPLE, 'transport.js')).href)
    return fileTransport(messageJson)
  }
  const {signal} = new AbortController()

  test('appends a line for each message, every digit of it', async () => {
    const {dir} = world()
    const file = await load()
    const path = join(dir, 'a b.jsonl')
    const to = [recipient({endpoint: pathToFileURL(path).href, allowPrivate: true})]
    const first = message({body: '{"n":12345678901234567890}', contentType: 'application/json'})
    const second = message({seq: 43, body: 'two\nlines'})
    for (const sent of [first, second])
      expect(await file.send(sent, channel, to, {signal})).toEqual({
        success: true,
        deliveredCount: 1,
        failedCount: 0,
        errors: [],
        failure: undefined,
      })
    expect(readFileSync(path, 'utf8')).toBe(`${messageJson(first)}\n${messageJson(second)}\n`)
  })

  test('tells what goes wrong, and whether that can change', async () => {
    const {dir} = world()
    const file = await load()
    const send = (settings: object) => file.send(message(), channel, [recipient(settings)], {signal})
    const missing = {endpoint: `file:${dir}/no/such/folder/x`, allowPrivate: true}
    expect(await send(missing)).toMatchObject({
      failedCount: 1,
      failure: 'retry',
      errors: [expect.stringMatching(/ENOENT/)],
    })
    expect(await send({endpoint: `file:${dir}/x`})).toMatchObject({
      failure: 'final',
      errors: [expect.stringMatching(/--allow-private/)],
    })
    for (const endpoint of ['x', 'https://example.org', 'file://host/x', undefined])
      expect(await send({endpoint, allowPrivate: true})).toMatchObject({failure: 'final'})
    expect(readdirSync(dir)).toEqual([])
  })
})
