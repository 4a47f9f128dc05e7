/** The store is removed, replaced, damaged or restored under commands that go on. */
import {copyFileSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {background} from './background.js'
import {BIN, world} from './leat.js'
import {hasTmux, openPane} from './pane.js'

/** A store with a message, a backup of it, and another store with other messages. */
async function withOthers() {
  const made = world({defaultStore: false})
  const {leat, dir, store} = made
  const [backup, other] = [join(dir, 'backup.db'), join(dir, 'other.db')]
  await leat`channel create ops`
  await leat`channel create hr`
  await leat`send ops kept`
  expect((await leat`store backup ${backup}`).code).toBe(0)
  copyFileSync(backup, other)
  await leat`send ops ${'of the other'} --store ${other}`
  const remove = (): void => {
    for (const end of ['', '-wal', '-shm']) rmSync(store + end, {force: true})
  }
  return {
    ...made,
    backup,
    remove,
    replace: () => renameSync(other, store),
    bringBack: () => copyFileSync(backup, store),
    restore: async () => expect((await leat`store restore ${backup} --yes`).code).toBe(0),
    damage: () => {
      remove()
      writeFileSync(store, readFileSync(backup).fill(0x5a))
    },
  }
}

describe('a script of leat shell', () => {
  test('says so at each line, makes no new store, and goes on with what is there', async () => {
    const {leat, store, dir} = await withOthers()
    const script = [
      'use ops',
      '!rm -f bus.db bus.db-wal bus.db-shm',
      'send lost',
      'log',
      'use hr',
      'list',
      '!cp backup.db bus.db',
      'log --raw',
      '!rm -f bus.db bus.db-wal bus.db-shm; mv other.db bus.db',
      'log --raw',
      '!rm -f bus.db-wal bus.db-shm; tr "\\\\0-\\\\377" Z <backup.db >bus.db',
      'list',
    ].join('\n')
    const ran = await leat({stdin: script, env: {SHELL: '/bin/sh'}})`shell --keep-going`
    expect(ran.stderr.trimEnd().split('\n')).toEqual([
      ...[3, 4].map((line) => expect.stringContaining(`leat: line ${line}: no store at ${store} (`)),
      'leat: line 5: no channel "hr": no store (channel create hr)',
      expect.stringContaining(`leat: line 6: no store at ${store} (`),
      expect.stringMatching(/^leat: line 12: .*: not a leat store \(/),
    ])
    expect(ran).toMatchObject({code: 3, stdout: 'kept\nkept\nof the other\n'})
    expect(readFileSync(join(dir, 'bus.db')).every((byte) => byte === 0x5a)).toBe(true)
  })

  test('ends in order where nobody wants it to go on', async () => {
    const {leat} = await withOthers()
    const script = '!rm -f bus.db bus.db-wal bus.db-shm\nlist\nwhoami\n'
    const ran = await leat({stdin: script, env: {SHELL: '/bin/sh'}})`shell`
    expect(ran).toMatchObject({code: 3, stdout: ''})
    expect(ran.stderr).toMatch(/^leat: line 2: no store at .*\n$/)
  })

  test('knows the channels of a store that was restored', async () => {
    const {leat} = await withOthers()
    const script = [
      'channel create new',
      'use ops',
      'send "after the backup"',
      '!"$NODE" "$BIN" store restore backup.db --yes >/dev/null',
      'use hr',
      'send ops',
      'use new',
      'log ops --raw',
    ].join('\n')
    const ran = await leat({stdin: script, env: {SHELL: '/bin/sh', NODE: process.execPath, BIN}})`shell --keep-going`
    expect(ran.stderr.trimEnd().split('\n')).toEqual([
      // A channel, and no text for the one in use.
      expect.stringContaining('leat: line 6: '),
      expect.stringContaining('leat: line 7: no channel "new"'),
    ])
    expect(ran.stdout).toMatch(/\nkept\n$/)
    expect(ran.stdout).not.toContain('after the backup')
    expect((await leat`log hr`).stdout).toBe('')
  })
})

describe.skipIf(!hasTmux)('leat shell at a terminal', () => {
  test('says so, and goes on', async () => {
    const {env, remove, bringBack, damage, restore} = await withOthers()
    const pane = openPane(env)`shell`
    let lines = 0
    const says = async (line: string, answer: RegExp): Promise<void> => {
      lines++
      pane.type(`${line}\r`)
      await pane.shows(
        new RegExp(`(?:[\\s\\S]* as alice › \\S){${lines}}[\\s\\S]*${answer.source}[\\s\\S]* as alice ›\\s*$`),
      )
    }
    await pane.shows(/leat as alice ›\s*$/)
    await says('use ops', /ops/)
    remove()
    await says('list', /leat: no store at /)
    bringBack()
    await says('log', /kept/)
    await restore()
    await says('use hr', /hr/)
    damage()
    await says('log', /not a leat store/)
    pane.type('exit\r')
    expect(await pane.ends()).toBe(0)
    expect(pane.text).not.toMatch(/was restored|a bug in leat| {4}at /)
  })
})

describe('stats --watch', () => {
  test.each([
    ['remove', 9, /was replaced or removed while it was in use/],
    ['replace', 9, /was replaced or removed while it was in use/],
    ['restore', 6, /was restored from a backup while it was in use/],
  ] as const)('%s: one line, exit code %i', async (act, code, line) => {
    const around = await withOthers()
    const watching = background(around.env)`stats ops --watch --json --interval 50ms`
    await watching.says(/"messages":1,/)
    await around[act]()
    const ended = await watching.ended
    expect(ended).toMatchObject({code, signal: null})
    expect(ended.stderr).toMatch(line)
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1)
    for (const shown of ended.stdout.trimEnd().split('\n')) expect(JSON.parse(shown)).toMatchObject({messages: 1})
  })

  test.skipIf(!hasTmux)('leaves the terminal as it was', async () => {
    const {env, remove} = await withOthers()
    const pane = openPane(env)`stats ops --watch --interval 50ms`
    await pane.shows(/Ctrl-C ends/)
    remove()
    expect(await pane.ends()).toBe(9)
    expect(pane.text).toMatch(/^leat: .* was replaced or removed while it was in use/m)
  })
})
