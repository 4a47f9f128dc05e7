import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished} from 'vitest'
import type {Checked, CheckOptions, Finding, Progress} from '../../../src/model/maintenance.js'
import type {Store} from '../../../src/store/store.js'
import {reader, refused, type Suite, take, texts} from './bench.js'
import {claim} from './claiming.js'

/** A folder of the test's own. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'leat-backup-'))
  onTestFinished(() => rmSync(path, {recursive: true, force: true}))
  return path
}

/** All that a check finds, and what it says at its end. */
export async function checkOf(store: Store, options?: CheckOptions): Promise<{found: Finding[]; checked: Checked}> {
  const found: Finding[] = []
  const check = store.maintenance.check(options)
  for (;;) {
    const {done, value} = await check.next()
    if (done) return {found, checked: value}
    found.push(value)
  }
}

export function maintenanceTests({promise, dying}: Suite): void {
  promise(
    'a check of a store that is well finds nothing, and says what it looked at',
    async ({store, sendAll, clock, send}) => {
      await store.channels.create('ops', {}, 'alice')
      await store.channels.create('empty', {}, 'alice')
      await sendAll('ops', texts(5))
      await send('ops', {body: '{"a":1}', contentType: 'application/json', recipient: 'bob', headers: {x: 'y'}})
      await send('ops', {body: Buffer.from([0xff, 0]), contentType: 'application/octet-stream'})
      await send('ops', {body: 'later', deliverAt: clock.now() + 1000})
      await take(store, reader('ops', 'bob'))
      await claim(store)
      for (const deep of [false, true]) {
        const {found, checked} = await checkOf(store, {deep})
        expect(found).toEqual([])
        expect(checked).toEqual({
          store: store.label,
          deep,
          channels: 2,
          messages: 7,
          damage: 0,
          warnings: 0,
          notes: 0,
        })
      }
    },
  )

  promise('a check tells how far it is', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const told: Progress[] = []
    await checkOf(store, {onProgress: (progress) => told.push(progress)})
    expect(told.length).toBeGreaterThan(0)
    for (const {done, total} of told) expect(total === 0 || done <= total).toBe(true)
  })

  dying(
    7,
    'who died with messages in hand is a note, not damage',
    async ({store, sendAll}, {told, take: takeAndDie}) => {
      await store.channels.create('ops', {}, 'alice')
      await sendAll('ops', texts(3))
      await takeAndDie(reader('ops', 'bob'), 2)
      const {found, checked} = await checkOf(store)
      expect(checked.damage).toBe(0)
      expect(found.filter(({kind}) => kind === 'hold').map(({severity}) => severity)).toEqual(told ? ['note'] : [])
    },
  )

  promise('a check may run while others write and delete', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {retention: {maxMessages: 50}}, 'alice')
    await sendAll('ops', texts(200))
    const other = await open()
    let isOver = false
    const writing = (async () => {
      for (let round = 0; !isOver; round++) {
        await other.messages.append([
          {
            id: crypto.randomUUID(),
            channels: ['ops'],
            sender: `sender-${round}`,
            type: 'message',
            body: 'x',
            contentType: 'text/plain',
          },
        ])
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    try {
      for (let round = 0; round < 5; round++) expect((await checkOf(store, {deep: true})).found).toEqual([])
    } finally {
      isOver = true
      await writing
    }
  })

  promise('a backup is one file, and never takes the place of another unless it may', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const file = join(folder(), 'backup')
    const told: Progress[] = []
    const made = await store.maintenance.backup(file, {onProgress: (progress) => told.push(progress)})
    const {epoch, schemaVersion} = await store.info()
    expect(made).toMatchObject({file, channels: 1, messages: 3, epoch, schemaVersion})
    expect(made.bytes).toBe(readFileSync(file).length)
    const bytes = readFileSync(file)
    await refused('EXISTS', store.maintenance.backup(file))
    expect(readFileSync(file).equals(bytes)).toBe(true)
    await sendAll('ops', texts(2))
    expect(await store.maintenance.backup(file, {replace: true})).toMatchObject({messages: 5})
    for (const {done, total} of told) expect(done).toBeLessThanOrEqual(total)
  })

  promise('what is no backup is refused, and changes nothing', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const file = join(folder(), 'none')
    await refused('NOT_FOUND', store.maintenance.prepareRestore(file))
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, 'just some text\n'.repeat(1000))
    await refused('STORAGE', store.maintenance.prepareRestore(file))
    expect(await store.info()).toMatchObject({channels: 1, messages: 3})
  })

  promise('compacting loses nothing', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(300))
    await store.channels.prune('ops', {keep: 3})
    const planned = await store.maintenance.compact({dryRun: true})
    const done = await store.maintenance.compact()
    expect([planned.dryRun, done.dryRun]).toEqual([true, false])
    expect(done.after).toBeLessThanOrEqual(done.before)
    expect(await store.info()).toMatchObject({messages: 3})
    expect((await checkOf(store, {deep: true})).found).toEqual([])
  })
}
