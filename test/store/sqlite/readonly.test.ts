/** A handle that only looks. */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {v7} from 'uuid'
import {expect, onTestFinished, test} from 'vitest'
import {createBus} from '../../../src/bus/bus.js'
import {openStore} from '../../../src/store/open.js'

test('it sees what is stored, stores nothing that fell due, and refuses to write', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'leat-readonly-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  const path = join(dir, 'bus.db')
  const clock = {now: Date.parse('2026-06-01T12:00:00Z')}
  const options = {clock: () => clock.now, ids: v7}
  const writing = createBus({store: await openStore(path, {...options, create: true}), actor: 'alice', ...options})
  onTestFinished(() => writing.close())
  await writing.createChannel('ops')
  await writing.send('ops', {body: 'now'})
  await writing.send('ops', {body: 'later', deliverAt: clock.now + 1000})

  clock.now += 2000
  const looking = createBus({store: await openStore(path, {...options, readonly: true}), actor: 'alice', ...options})
  onTestFinished(() => looking.close())
  const bodies = async (bus: typeof looking): Promise<unknown[]> => {
    const found: unknown[] = []
    for await (const {body} of bus.log(['ops'])) found.push(body)
    return found
  }
  expect(await bodies(looking)).toEqual(['now'])
  await expect(looking.send('ops', {body: 'x'})).rejects.toMatchObject({code: 'STORAGE'})
  expect(await bodies(writing)).toEqual(['now', 'later'])
  expect(await bodies(looking)).toEqual(['now', 'later'])
})

test('it makes no store', async () => {
  const path = join(tmpdir(), `leat-none-${v7()}.db`)
  await expect(openStore(path, {clock: Date.now, ids: v7, readonly: true})).rejects.toMatchObject({code: 'NOT_FOUND'})
})
