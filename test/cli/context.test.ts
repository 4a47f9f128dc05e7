import {join} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'

test('contexts are made, listed, used, renamed and removed', async () => {
  const {leat, dir} = world()
  const store = join(dir, 'w.db')
  expect((await leat`context add work --store ./w.db --as bob --json`).json()).toEqual({
    context: 'work',
    current: false,
    settings: {actor: 'bob', store},
  })
  expect((await leat`context add night --set reader=late --use`).code).toBe(0)
  expect((await leat`context list`).stdout).toBe(`*\tnight\t\t\treader=late\n\twork\tbob\t${store}\t\n`)
  expect((await leat`context use work --json`).json()).toEqual({context: 'work'})
  expect((await leat({as: null})`whoami --json`).json()).toEqual({
    actor: 'bob',
    actorFrom: 'context work',
    reader: 'bob',
    context: 'work',
    contextFrom: 'config file',
    store,
    storeFrom: 'context work',
    exists: false,
  })
  expect((await leat`status --json`).json()).toMatchObject({context: 'work', store})
  expect((await leat`status --json --context night`).json().next[0]).toBe('leat channel create ops --context night')
  expect((await leat`context rename work office`).code).toBe(0)
  expect((await leat`context show --json`).json()).toMatchObject({context: 'office', current: true})
  expect((await leat`context remove office`).stderr).toContain('needs --yes when nobody can be asked')
  expect((await leat`context remove office --yes --json`).json()).toEqual({context: 'office', wasCurrent: true})
  expect((await leat`whoami --json`).json()).not.toHaveProperty('context')
})

test('--context and LEAT_CONTEXT name another, or none, for one command', async () => {
  const {leat} = world()
  await leat`context add a --as ann --use`
  await leat`context add b --as ben`
  const actor = async (words: string[], env: Record<string, string> = {}) =>
    (await leat({as: null, env})`${words} whoami --json`).json().actor
  expect(await actor([])).toBe('ann')
  expect(await actor(['--context', 'b'])).toBe('ben')
  expect(await actor([], {LEAT_CONTEXT: 'b'})).toBe('ben')
  expect(await actor(['--context=a'], {LEAT_CONTEXT: 'b'})).toBe('ann')
  expect(['ann', 'ben']).not.toContain(await actor(['--context', '']))
  expect((await leat({env: {LEAT_CONTEXT: 'b'}})`context use a`).stderr).toContain('LEAT_CONTEXT names another: b')
})

test('a context that is named is not passed over in silence where LEAT_STORE names another store', async () => {
  const {leat, dir} = world({defaultStore: false})
  const other = join(dir, 'other.db')
  await leat`channel create ops`
  await leat`context add work --store ${other}`
  const env = {LEAT_STORE: join(dir, 'here.db')}
  const sent = await leat({env})`send ops hi --create --context work`
  expect(sent).toMatchObject({
    code: 0,
    stderr: `LEAT_STORE names the store, context work does not: ${env.LEAT_STORE}\n`,
  })
  expect((await leat({env})`list --context work -q`).stderr).toBe('')
  expect((await leat({env})`list --context work --store ${env.LEAT_STORE}`).stderr).toBe('')
  expect((await leat({env: {...env, LEAT_CONTEXT: 'work'}})`list`).stderr).toBe('')
  expect((await leat({env: {LEAT_STORE: other}})`send ops hi --create --context work`).stderr).toBe('')
})

test('what is wrong is said', async () => {
  const {leat} = world()
  await leat`context add work --as bob`
  for (const [words, code, hint] of [
    [['context', 'add', 'work', '--as', 'x'], 'EXISTS', /config set KEY VALUE --context work/],
    [['context', 'add', 'a/b', '--as', 'x'], 'INVALID', /try a-b/],
    [['context', 'add', 'empty'], 'USAGE', /--store PATH/],
    [['context', 'add', 'x', '--set', 'colour=auto'], 'USAGE', /did you mean color/],
    [['context', 'add', 'x', '--as', 'a b'], 'INVALID', /a-b/],
    [['context', 'use', 'wrok'], 'NOT_FOUND', /did you mean work/],
    [['context', 'use'], 'USAGE', /--none/],
    [['context', 'use', 'work', '--none'], 'USAGE', /^/],
    [['context', 'remove', 'nope', '--yes'], 'NOT_FOUND', /context list/],
    [['context', 'rename', 'work', 'a b'], 'INVALID', /a-b/],
    [['context', 'show'], 'NOT_FOUND', /context list/],
    [['list', '--context', 'nope'], 'NOT_FOUND', /context list/],
    [['config', 'set', 'actor', 'x', '--context', 'nope'], 'NOT_FOUND', /context list/],
    [['config', 'unset', 'store', '--context', 'work'], 'NOT_FOUND', /config list/],
  ] as const) {
    const error = (await leat`${[...words]} --json`).error()
    expect([error.code, error.hint ?? ''], words.join(' ')).toEqual([code, expect.stringMatching(hint)])
  }
  expect((await leat`context list --json`).jsonLines()).toEqual([
    {context: 'work', current: false, settings: {actor: 'bob'}},
  ])
})
