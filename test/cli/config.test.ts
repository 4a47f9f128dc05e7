import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

/** A world, and its configuration file. */
function configured(content?: object | string) {
  const made = world()
  const folder = join(made.dir, '.config', 'leat')
  const file = join(folder, 'config.json')
  if (content !== undefined) {
    mkdirSync(folder, {recursive: true})
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return {...made, folder, file, read: () => JSON.parse(readFileSync(file, 'utf8'))}
}

const rowsOf = (rows: {key: string; value?: string; from?: string}[]) =>
  Object.fromEntries(rows.map(({key, value, from}) => [key, [value, from]]))

describe('config', () => {
  test('list says what is in force without a file, and makes none', async () => {
    const {leat, store, folder} = configured()
    const rows = rowsOf((await leat({as: null})`config list --json`).jsonLines())
    expect(rows).toMatchObject({
      context: [undefined, undefined],
      store: [store, 'default'],
      color: ['auto', 'default'],
      prompts: ['on', 'default'],
      editor: ['vi', 'default'],
      'smtp.url': [undefined, undefined],
    })
    expect(rows['actor']?.[1]).toMatch(/^user/)
    expect(rows['reader']?.[0]).toBe(rows['actor']?.[0])
    expect(existsSync(folder)).toBe(false)
  })

  test('flag, variable, context, file, default: each key by itself', async () => {
    const {leat} = configured({
      actor: 'of-file',
      store: '/file.db',
      editor: 'of-file',
      contexts: {work: {actor: 'of-work', store: '/work.db'}},
    })
    const actor = async (line: string, env: Record<string, string> = {}) => {
      const {actor, actorFrom} = (await leat({as: null, env})`whoami --json ${line.split(' ').filter(Boolean)}`).json()
      return [actor, actorFrom]
    }
    expect(await actor('')).toEqual(['of-file', 'config file'])
    expect(await actor('--context work')).toEqual(['of-work', 'context work'])
    expect(await actor('', {LEAT_CONTEXT: 'work'})).toEqual(['of-work', 'context work'])
    expect(await actor('--context work', {LEAT_AS: 'of-env'})).toEqual(['of-env', 'LEAT_AS'])
    expect(await actor('--context work --as of-flag', {LEAT_AS: 'of-env'})).toEqual(['of-flag', '--as'])
    const list = await leat({as: null, env: {LEAT_CONTEXT: 'work', LEAT_STORE: '/env.db'}})`config list --json`
    expect(rowsOf(list.jsonLines())).toMatchObject({
      context: ['work', 'LEAT_CONTEXT'],
      actor: ['of-work', 'context work'],
      store: ['/env.db', 'LEAT_STORE'],
      editor: ['of-file', 'config file'],
    })
    expect((await leat({as: null})`config get store`).stdout).toBe('/file.db\n')
    expect((await leat({as: null})`config get store --store ./x.db --json`).json()).toEqual({
      key: 'store',
      value: './x.db',
      from: '--store',
    })
  })

  test('set, get and unset; the file is for its owner alone, whatever it was before', async () => {
    const {leat, file, folder, read} = configured()
    expect((await leat`config set editor ${'code --wait'} --json`).json()).toEqual({
      key: 'editor',
      value: 'code --wait',
    })
    expect([statSync(file).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700])
    chmodSync(file, 0o644)
    await leat`config set color never`
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(read()).toEqual({editor: 'code --wait', color: 'never'})
    expect((await leat`config get editor`).stdout).toBe('code --wait\n')
    expect((await leat`config unset editor color`).code).toBe(0)
    expect(read()).toEqual({})
    expect((await leat`config unset editor --json`).error()).toMatchObject({code: 'NOT_FOUND'})
    expect((await leat`config get smtp.url --json`).error()).toMatchObject({code: 'NOT_FOUND'})
    expect(readdirSync(folder)).toEqual(['config.json'])
  })

  test('a store is kept whole, and ~ is the home folder', async () => {
    const {leat, dir, read} = configured()
    await leat`config set store ./team.db`
    expect(read().store).toBe(join(dir, 'team.db'))
    await leat`config set store ~/team.db`
    expect(read().store).toBe(join(dir, 'team.db'))
    await leat`config set store sqlite:a/b.db`
    expect(read().store).toBe(`sqlite:${join(dir, 'a/b.db')}`)
  })

  test('a password is masked, but for who asks for it', async () => {
    const {leat} = configured()
    const url = 'smtps://me:s3cret@mail.example.org'
    expect((await leat`config set smtp.url ${url} --json`).stdout).not.toContain('s3cret')
    expect((await leat`config list`).stdout).toContain('smtps://me:***@mail.example.org')
    expect((await leat`config list --show-secrets`).stdout).toContain(url)
    expect((await leat`config get smtp.url`).stdout).toBe(`${url}\n`)
    await leat`context add mail --set smtp.url=${url}`
    expect((await leat`context show mail`).stdout).not.toContain('s3cret')
  })

  test.each([
    ['smtp://me:s3cret@mail.example.org:25?a=b', 'smtp://me:***@mail.example.org:25?a=b'],
    ['smtp://s3cret@mail.example.org', 'smtp://***@mail.example.org'],
    ['smtp://mail.example.org', 'smtp://mail.example.org'],
    ['smtp://me:1/s3cret@mail.example.org', '***'],
    ['smtp://me:1#s3cret@mail.example.org', '***'],
    ['smtp://me:s3@s3cret@mail.example.org', '***'],
    ['smtp:me:s3cret@mail.example.org', '***'],
    ['mailto:me:s3cret@mail.example.org', '***'],
    ['me:s3cret@mail.example.org', '***'],
    ['s3cret', '***'],
  ])('of a variable too, whatever it has: %s', async (url, shown) => {
    const {leat} = configured()
    const rows = rowsOf((await leat({env: {LEAT_SMTP_URL: url}})`config list --json`).jsonLines())
    expect(rows['smtp.url']).toEqual([shown, 'LEAT_SMTP_URL'])
  })

  test.each([
    ['actor', 'a b', 'INVALID'],
    ['color', 'blue', 'INVALID'],
    ['prompts', 'maybe', 'INVALID'],
    ['smtp.url', 'http://x:s3cret@y', 'INVALID'],
    ['smtp.from', 'nobody', 'INVALID'],
    ['editor', '', 'INVALID'],
    ['colour', 'auto', 'USAGE'],
    ['context', 'work', 'USAGE'],
  ])('%s = %j is refused, and nothing is written', async (key, value, code) => {
    const {leat, folder} = configured()
    const result = await leat`config set ${key} ${value} --json`
    expect(result.error()).toMatchObject({code, hint: expect.stringMatching(/./)})
    expect(result.stderr).not.toContain('s3cret')
    expect(existsSync(join(folder, 'config.json'))).toBe(false)
  })

  test('keys that leat does not know stay, and are told of', async () => {
    const {leat, read} = configured({future: {a: [1]}, actor: 'bob', contexts: {work: {also: 1, store: '/w.db'}}})
    await leat`config set color never`
    await leat`config set reader night --context work`
    await leat`context rename work office`
    expect(read()).toEqual({
      future: {a: [1]},
      actor: 'bob',
      color: 'never',
      contexts: {office: {also: 1, store: '/w.db', reader: 'night'}},
    })
    expect((await leat`config list`).stderr).toContain('of no effect: future, also')
    expect((await leat`config unset future`).code).toBe(0)
  })

  test('changes at once lose none', async () => {
    const {leat, read} = configured()
    const names = Array.from({length: 12}, (_, at) => `c${at}`)
    const codes = await Promise.all(names.map(async (name) => (await leat`context add ${name} --as ${name}`).code))
    expect(codes).toEqual(names.map(() => 0))
    expect(Object.keys(read().contexts).sort()).toEqual([...names].sort())
  })

  test('a lock that somebody left is taken away', async () => {
    const {leat, file, folder, read} = configured({})
    writeFileSync(`${file}.lock`, '')
    utimesSync(`${file}.lock`, new Date(0), new Date(0))
    expect((await leat`config set color never`).code).toBe(0)
    expect(read()).toEqual({color: 'never'})
    expect(readdirSync(folder)).toEqual(['config.json'])
  })

  test('a link to the file stays a link', async () => {
    const {leat, dir, folder, file} = configured()
    const elsewhere = join(dir, 'dotfiles.json')
    writeFileSync(elsewhere, '{}')
    mkdirSync(folder, {recursive: true})
    symlinkSync(elsewhere, file)
    await leat`config set color never`
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(elsewhere, 'utf8'))).toEqual({color: 'never'})
  })

  test('XDG_CONFIG_HOME says where, if it is a whole path', async () => {
    const {leat, dir, folder} = configured()
    await leat({env: {XDG_CONFIG_HOME: join(dir, 'xdg')}})`config set color never`
    expect(existsSync(join(dir, 'xdg', 'leat', 'config.json'))).toBe(true)
    await leat({env: {XDG_CONFIG_HOME: 'xdg2'}})`config set color never`
    expect([existsSync(join(dir, 'xdg2')), existsSync(folder)]).toEqual([false, true])
  })

  test('says when something else wins', async () => {
    const {leat} = configured({context: 'work', contexts: {work: {reader: 'night'}}})
    expect((await leat`config set actor bob`).stderr).toContain('LEAT_AS says something else, and wins')
    expect((await leat`config set reader day`).stderr).toContain('the context work says something else')
    expect((await leat`config set color never`).stderr).toBe('')
  })
})

describe('a broken file', () => {
  const commands = [
    ['send', 'ops', 'hi'],
    ['list'],
    ['whoami'],
    [],
    ['config', 'list'],
    ['bench', 'send', '--count', '1'],
  ]

  test.each([
    ['{"actor": bob}', /config\.json:1:11 is not JSON: a value is expected, and there is "bob}"/],
    ['{\n  "actor": "bob",\n}\n', /config\.json:3:1 is not JSON: a key in double quotes is expected, and there is "}"/],
    ['[]', /config\.json: it is not a JSON object/],
    ['', /config\.json:1:1 is not JSON: a value is expected, and it ends/],
    [{actor: 5}, /config\.json: actor: it is not a text/],
    [{actor: 'a b'}, /config\.json: actor: "a b" is not an actor name \(try a-b/],
    [{store: './x.db'}, /config\.json: store: "\.\/x\.db" is not the whole path of a store/],
    [{contexts: {work: 1}}, /the context "work" is not an object/],
    [
      {context: 'work', contexts: {work: {color: 'blue'}}},
      /config\.json: color of context work: "blue" is not a value of it \(one of auto, always, never\)/,
    ],
  ])(
    '%j is one error, wherever it is needed',
    async (content, message) => {
      const {leat, store} = configured(content)
      for (const words of commands) {
        const {code, stdout, stderr} = await leat`${words}`
        expect([code, stdout], words.join(' ')).toEqual([2, ''])
        expect(stderr).toMatch(message)
        expect(stderr).toMatch(/^leat: [^\n]+\n$/)
      }
      expect((await leat`help`).code).toBe(0)
      expect(existsSync(store)).toBe(false)
    },
    120_000,
  )

  test('wrong values can be put right by leat itself', async () => {
    const {leat, read} = configured({actor: 5, context: 'gone', color: 'blue'})
    expect((await leat`list --json`).error()).toMatchObject({code: 'NOT_FOUND', hint: 'leat context use --none'})
    expect((await leat`context use --none`).code).toBe(0)
    expect((await leat`config unset actor`).code).toBe(0)
    expect((await leat`config set color auto`).code).toBe(0)
    expect(read()).toEqual({color: 'auto'})
    expect((await leat`list`).code).toBe(0)
  })

  test('a folder in its place, and a FIFO, are told of', async () => {
    const {leat, file} = configured()
    mkdirSync(file, {recursive: true})
    expect(await leat`list`).toMatchObject({code: 2, stderr: expect.stringContaining('it is not a file')})
    expect((await leat`config set color never`).code).not.toBe(0)
  })
})

describe('what is configured is in force', () => {
  test('for reading, and for commands that leat runs', async () => {
    const {leat, dir} = configured()
    const store = join(dir, 'team.db')
    await leat`channel create ops --store ${store}`
    await leat`context add team --store ${store} --as bob --set reader=night`
    const run = leat({as: null, env: {LEAT_CONTEXT: 'team'}})
    await run`send ops hi`
    expect((await run`read ops --json`).json()).toMatchObject({sender: 'bob'})
    expect((await leat`cursor show ops --reader night --store ${store} --json`).json()).toMatchObject({cursor: 1})
    const script = 'echo "$LEAT_STORE $LEAT_AS"'
    expect((await run`read ops --reader other -- sh -c ${script}`).stdout).toBe(`${store} bob\n`)
  })

  test.runIf(hasTerminal)('for colours', async () => {
    const {leat, env} = configured()
    await leat`channel create ops`
    const coloured = async (): Promise<boolean> => /\x1b\[\d/.test((await terminal(env)`list`).raw)
    expect(await coloured()).toBe(true)
    await leat`config set color never`
    expect(await coloured()).toBe(false)
  })

  test('for what a command comes to that runs where no context was wanted', async () => {
    const {leat, dir, store} = configured()
    await leat`channel create ops`
    await leat`send ops hi`
    await leat`context add team --store ${join(dir, 'team.db')} --use`
    expect((await leat`read ops --context ${''} -- sh -c ${'echo "$LEAT_STORE"'}`).stdout).toBe(`${store}\n`)
    expect((await leat`read ops`).code).toBe(3)
  })

  test('for mail', async () => {
    const {leat} = configured()
    const email = async () =>
      (await leat`transport list --json`).jsonLines().find(({name}) => name === 'email') as {available: boolean}
    expect((await email()).available).toBe(false)
    await leat`config set smtp.url smtp://127.0.0.1:1`
    expect((await email()).available).toBe(true)
  })
})
