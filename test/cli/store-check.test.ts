import {readdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

async function filled() {
  const made = world({defaultStore: false})
  await made.leat`channel create ops`
  await made.leat({stdin: 'one\ntwo\nthree\n'})`send ops --lines`
  return made
}

test('a sound store: exit 0, nothing on stdout, a summary on stderr', async () => {
  const {leat, store} = await filled()
  expect(await leat`store check`).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `${store}: nothing is wrong; 3 messages in 1 channel; --deep reads every content too\n`,
  })
  const deep = await leat`store check --deep --json`
  expect(deep).toMatchObject({code: 0, stderr: ''})
  expect(deep.jsonLines()).toEqual([
    {summary: {store, deep: true, channels: 1, messages: 3, damage: 0, warnings: 0, notes: 0}},
  ])
})

test('damage is exit 9, each with what to do', async () => {
  const {leat, store} = await filled()
  const db = new Database(store)
  db.exec(`UPDATE messages SET content = 'two!' WHERE seq = 2; UPDATE counters SET message_count = 7`)
  db.close()
  expect((await leat`store check`).lines()).toEqual([
    'damage\tcounter\tops: 3 messages stored, but it counts 7\tops\tleat store restore BACKUP',
  ])
  const deep = await leat`store check --deep --json`
  expect(deep.code).toBe(9)
  expect(deep.jsonLines().slice(0, 2)).toEqual([
    expect.objectContaining({severity: 'damage', kind: 'counter', place: 'ops'}),
    expect.objectContaining({severity: 'damage', kind: 'content', place: 'ops/2', hint: 'leat store restore BACKUP'}),
  ])
  expect(deep.jsonLines().at(-1)).toMatchObject({summary: {damage: 2}})
  expect(deep.error()).toMatchObject({code: 'CORRUPT', hint: expect.stringContaining('leat store restore')})
})

test('a file that no command opens is checked all the same, and stays as it is', async () => {
  const {leat, store, dir} = await filled()
  const whole = readFileSync(store)
  for (const pages of [1, 7, whole.length / 4096 - 1]) {
    truncateSync(store, pages * 4096)
    for (const line of pages === 7 ? ['log', 'send ops x', 'read ops', 'list', 'status'] : ['read ops']) {
      const refused = await leat`${line.split(' ')}`
      expect(refused, line).toMatchObject({code: 9, stdout: ''})
      expect(refused.stderr, line).toMatch(/^leat: .*damaged.*leat store check.*leat store restore.*\n$/)
    }
    const checked = await leat`store check --json`
    expect(checked.code).toBe(9)
    expect(checked.jsonLines()[0]).toMatchObject({severity: 'damage'})
    expect(readFileSync(store).length).toBe(pages * 4096)
    writeFileSync(store, whole)
  }
  writeFileSync(join(dir, 'text'), 'dear diary\n'.repeat(99))
  writeFileSync(join(dir, 'empty'), '')
  for (const name of ['text', 'empty', '.'])
    expect(await leat`store check --store ${join(dir, name)}`, name).toMatchObject({
      code: 9,
      stdout: expect.stringMatching(/^damage\tfile\t/),
      stderr: expect.stringMatching(/^leat: .*\n$/),
    })
  expect(await leat`store check --store ./none.db`).toMatchObject({code: 3, stdout: ''})
  expect(readdirSync(dir).sort()).toEqual(['bus.db', 'empty', 'text'])
})

test.skipIf(!hasTerminal)('at a terminal it says what it found in words, and leaves no progress', async () => {
  const {store, env} = await filled()
  const db = new Database(store)
  db.exec(`UPDATE counters SET message_count = 7`)
  db.close()
  const {code, text} = await terminal(env)`store check --deep`
  expect(code).toBe(9)
  expect(text).toContain('DAMAGE   counter    ops: 3 messages stored, but it counts 7    → leat store restore BACKUP')
})
