import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {expect, onTestFinished, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import {indexAll, searchAll} from '../contract/search.js'
import {folder, options} from './files.js'

const SCRIPT = fileURLToPath(new URL('searcher.ts', import.meta.url))
const [PROCESSES, EACH] = [3, 40]

test('what was acknowledged is found at once, by whoever looks, while many send, fill the index and search', async () => {
  const path = join(folder(), 'store.db')
  const store = await openStore(path, options({create: true}))
  await store.channels.create('ops', {}, 'alice')
  const ends = Array.from({length: PROCESSES}, async (_, index) => {
    const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, path, `p${index}`, `${EACH}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exit = once(child, 'exit')
    let count = 0
    for await (const word of createInterface({input: child.stdout})) {
      expect([word, (await searchAll(store, word)).length]).toEqual([word, 1])
      if (++count % 7 === 0) await store.search.index({limit: 10, begin: true})
    }
    return {code: (await exit)[0] as number, count}
  })
  expect(await Promise.all(ends)).toEqual(Array.from({length: PROCESSES}, () => ({code: 0, count: EACH})))
  expect(await searchAll(store, 'word')).toHaveLength(PROCESSES * EACH)
  await indexAll(store)
  expect(await searchAll(store, '"is here"')).toHaveLength(PROCESSES * EACH)
  await store.close()
})

test('a store that may not be written is searched whole, indexed or not', async () => {
  const place = folder()
  const path = join(place, 'store.db')
  const store = await openStore(path, options({create: true}))
  await store.channels.create('ops', {}, 'alice')
  for (let count = 0; count < 30; count++)
    await store.messages.append([
      {
        ...{id: options().ids(), channels: ['ops'], sender: 'alice', type: 'message'},
        ...{body: `word ${count}`, contentType: 'text/plain'},
      },
    ])
  await store.search.index({limit: 10, begin: true})
  await store.close()
  const {openSession} = await import('../../../src/store/sqlite/session.js')
  const {Connection} = await import('../../../src/store/sqlite/connection.js')
  const {sqliteStore} = await import('../../../src/store/sqlite/engine.js')
  const connection = new Connection(path, 100, {readonly: true})
  const readonly = sqliteStore(openSession(connection, {label: path, path, file: undefined, ...options()}), 1000)
  expect(await readonly.search.index({limit: 10, begin: true})).toMatchObject({done: 0, left: 20, open: false})
  expect(await searchAll(readonly, 'word')).toHaveLength(30)
  expect(await searchAll(readonly, 'word', {limit: 4})).toHaveLength(30)
  await readonly.close()
})
