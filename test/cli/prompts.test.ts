import {chmodSync, existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal} from './terminal.js'
import {CTRL_C, CTRL_D, DOWN, ENTER, typing} from './typing.js'

async function withChannels() {
  const made = world()
  await made.leat`channel create ops --title ${'Operations \u202e and more'}`
  await made.leat`channel create hr --title ${'Human resources'}`
  await made.leat({as: 'bob'})`send ops first`
  await made.leat({as: 'carol'})`send ops ${'red \x1b[31m\nsecond line'}`
  return made
}

const OBEYED = /\x1b\[31m\n|\u202e/

describe.skipIf(!hasTerminal)('what is missing is asked for at a terminal', () => {
  test('a channel, found by typing, with titles and what is unread', async () => {
    const {env} = await withChannels()
    const session = typing(env)`read`
    await session.sees(
      /Which channel\?\n❯ ops {2}2 unread {2}\S+ +Operations \\u202e and more\n {2}hr +Human resources/,
    )
    session.type('human')
    await session.sees(/❯ hr/)
    expect(session.screen()).not.toContain('Operations')
    session.type(`\x15ops${ENTER}`)
    const {code, screen, raw, clean} = await session.ended
    expect([code, clean]).toEqual([0, true])
    expect(screen).toContain('→ leat read ops')
    expect(screen).toContain('alice is new to ops')
    expect(raw).not.toMatch(OBEYED)
  })

  test('a message from recent ones, then the text of the answer', async () => {
    const {env, leat} = await withChannels()
    const session = typing(env)`reply`
    await session.sees(/Which message\?\n❯ ops\/2 {2}carol {2}\S+ +red \\x1b\[31m\n {2}ops\/1 {2}bob/)
    session.type('bob')
    await session.sees(/❯ ops\/1/)
    session.type(ENTER)
    await session.sees(/Text for ops\/1 \(Enter alone: write it in vi\)/)
    session.type(`  on it${ENTER}`)
    const {code, screen} = await session.ended
    expect([code, screen]).toEqual([0, expect.stringContaining('→ leat reply ops/1')])
    expect((await leat`log ops -n 1 --json`).json()).toMatchObject({content: '  on it', sender: 'alice'})
  })

  test('any other message by its place', async () => {
    const {env} = await withChannels()
    const session = typing(env)`show`
    await session.sees(/Which message/)
    session.type('ops/77')
    await session.sees(/❯ ops\/77/)
    session.type(ENTER)
    expect(await session.ended).toMatchObject({code: 3})
  })

  test('send makes a channel that is named there, and Enter alone opens the editor', async () => {
    const {env, leat, dir} = await withChannels()
    const editor = join(dir, 'editor')
    writeFileSync(editor, '#!/bin/sh\nprintf "two\\nlines\\n" >"$1"\n')
    chmodSync(editor, 0o755)
    const session = typing(env, {env: {EDITOR: editor}})`send`
    await session.sees(/new channel…/)
    session.type('General Chat')
    await session.sees(/❯ new channel general-chat/)
    session.type(ENTER)
    await session.sees(/Text for general-chat \(Enter alone: write it in editor\)/)
    session.type(ENTER)
    expect(await session.ended).toMatchObject({code: 0, clean: true})
    expect((await leat`log general-chat --json`).json().content).toBe('two\nlines')
  })

  test('nothing written is nothing sent', async () => {
    const {env, leat} = await withChannels()
    const session = typing(env, {env: {EDITOR: 'true'}})`send hr`
    await session.sees(/Text for hr/)
    session.type(ENTER)
    const {code, screen} = await session.ended
    expect([code, screen]).toEqual([2, expect.stringContaining('leat: nothing was written')])
    expect((await leat`log hr`).stdout).toBe('')
  })

  test('channel create is a short form: a name, with the nearest legal one, and what may be left out', async () => {
    const {env, leat} = await withChannels()
    const session = typing(env)`channel create`
    await session.sees(/Name of the channel\?/)
    session.type('ops')
    await session.sees(/ops \(there is one already\)/)
    session.type('\x15Web Shop!')
    await session.sees(/❯ web-shop/)
    session.type(ENTER)
    await session.sees(/Title\?/)
    session.type(`The shop${ENTER}`)
    await session.sees(/What is it for\?/)
    session.type(ENTER)
    await session.sees(/How long are messages kept/)
    session.type(`10 parsecs${ENTER}`)
    await session.sees(/is not a duration/)
    session.type(`\x1530d${ENTER}`)
    await session.sees(/Only for members\?/)
    session.type(`y${ENTER}`)
    await session.sees(/Who besides you/)
    session.type(`bob${ENTER}`)
    expect(await session.ended).toMatchObject({code: 0, clean: true})
    expect((await leat`channel show web-shop --json`).json()).toMatchObject({
      title: 'The shop',
      retention: {maxAge: 2_592_000_000},
      restricted: true,
      members: ['bob'],
    })
  })

  test('what flags say is not asked', async () => {
    const {env} = await withChannels()
    const session = typing(env)`channel create --title T --description D --max-age 1d --restricted`
    await session.sees(/Name of the channel\?/)
    session.type(`x${ENTER}`)
    expect(await session.ended).toMatchObject({code: 0})
  })

  test('several words, one after the other, each by what it is', async () => {
    const {env, leat} = await withChannels()
    const session = typing(env)`grant`
    await session.sees(/Which permissions\?\n❯ submit,subscribe/)
    session.type(`${DOWN}${ENTER}`)
    await session.sees(/Which channel\?\n/)
    session.type('hr')
    await session.sees(/❯ hr/)
    session.type(ENTER)
    await session.sees(/Who\?\n❯ alice {2}you/)
    session.type('zoe')
    await session.sees(/❯ zoe/)
    session.type(ENTER)
    const {code, screen} = await session.ended
    expect([code, screen]).toEqual([0, expect.stringContaining('→ leat grant submit hr --to=zoe')])
    expect((await leat`channel show hr --json`).json().grants).toContainEqual(expect.objectContaining({actor: 'zoe'}))
  })

  test('where there is nothing to pick nothing is asked', async () => {
    const {env} = world()
    expect(await typing(env)`read`.ended).toMatchObject({
      code: 3,
      screen: 'leat: there are no channels (leat channel create NAME makes one)',
    })
  })

  test('a command that has to stand behind -- is not made up for', async () => {
    const {env} = await withChannels()
    expect(await typing(env, {columns: 120})`work`.ended).toMatchObject({
      code: 2,
      screen: 'leat: missing CHANNEL (leat work CHANNEL -- COMMAND...; leat list shows them)',
    })
  })
})

describe.skipIf(!hasTerminal)('a question that is ended', () => {
  test.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('by %s leaves nothing done, the terminal clean and exit 130', async (_, key) => {
    const {env, leat} = await withChannels()
    for (const [line, question] of [
      ['read', /Which channel/],
      ['channel delete ops', /Delete ops \(2 messages\)\?/],
      ['send ops', /Text for ops/],
      ['grant', /Which permissions/],
    ] as const) {
      const session = typing(env)`${line.split(' ')}`
      await session.sees(question)
      session.type(key)
      expect(await session.ended, line).toMatchObject({code: 130, clean: true})
      expect(session.screen(), line).not.toContain('leat:')
    }
    expect((await leat`log ops --json`).jsonLines()).toHaveLength(2)
  })

  test('in a form makes no store', async () => {
    const {env, store} = world({defaultStore: false})
    const session = typing(env)`channel create`
    await session.sees(/Name of the channel/)
    session.type(`ops${ENTER}`)
    await session.sees(/Title\?/)
    session.type(CTRL_C)
    expect(await session.ended).toMatchObject({code: 130, clean: true})
    expect(existsSync(store)).toBe(false)
  })
})

describe.skipIf(!hasTerminal)('nobody is asked', () => {
  test.each([
    ['--no-input', ['--no-input'], {}],
    ['CI', [], {CI: '1'}],
  ])('with %s', async (_, flags, env) => {
    const made = await withChannels()
    expect(await typing(made.env, {env})`read ${flags}`.ended).toMatchObject({
      code: 2,
      screen: 'leat: missing CHANNEL (leat read CHANNEL; leat list shows them)',
    })
    const {code, screen} = await typing(made.env, {env, columns: 120})`channel delete ops ${flags}`.ended
    expect([code, screen]).toEqual([2, 'leat: delete ops (2 messages) needs --yes when nobody can be asked'])
  })

  test('with prompts off', async () => {
    const {env, leat} = await withChannels()
    await leat`config set prompts off`
    expect((await typing(env)`read`.ended).code).toBe(2)
  })
})

describe.skipIf(!hasTerminal)("what can't be undone is asked about", () => {
  test('token revoke names the token; a script is not asked', async () => {
    const {env, leat} = world()
    await leat`token create --for ci`
    const id = (await leat`token list --json`).json().id as string
    const session = typing(env)`token revoke ${id}`
    await session.sees(new RegExp(`Revoke token ${id.slice(-8)} of ci\\?`))
    session.type(`n${ENTER}`)
    expect(await session.ended).toMatchObject({code: 2, screen: expect.stringContaining('leat: nothing was done')})
    expect((await leat`token revoke ${id}`).code).toBe(0)
    expect((await leat`token list`).stdout).toBe('')
  })

  test('context remove says what is in it', async () => {
    const {env, leat} = world()
    await leat`context add work --as bob`
    const session = typing(env)`context remove`
    await session.sees(/Which context\?\n❯ work/)
    session.type(ENTER)
    await session.sees(/Remove the context work \(actor bob\)\?/)
    session.type(`y${ENTER}`)
    expect(await session.ended).toMatchObject({code: 0})
    expect((await leat`context list`).stdout).toBe('')
  })
})
