/**
 * A holder that dies: opens a store, takes or appends, says on one line what it got, and waits to be killed.
 * Arguments: the path, the time in milliseconds, and what to do as JSON.
 */
import {randomUUID} from 'node:crypto'
import type {Seq} from '../../../src/model/message.js'
import {openStore} from '../../../src/store/open.js'
import type {ReaderKey, Store} from '../../../src/store/store.js'

export type Deed = {take: ReaderKey; limit: number} | {append: string; bodies: readonly string[]}

async function act(store: Store, deed: Deed): Promise<Seq[]> {
  if ('take' in deed) {
    const batch = await store.consumers.take(deed.take, {actor: deed.take.reader, limit: deed.limit, wait: 0})
    return batch.messages.map(({seq}) => seq)
  }
  const seqs: Seq[] = []
  for (const body of deed.bodies) {
    const message = {
      id: randomUUID(),
      channels: [deed.append],
      sender: 'alice',
      type: 'message',
      body,
      contentType: 'text/plain',
    }
    const [receipt] = await store.messages.append([message])
    for (const sent of receipt?.sent ?? []) if ('seq' in sent) seqs.push(sent.seq)
  }
  return seqs
}

const [path = '', now = '', deed = ''] = process.argv.slice(2)
const store = await openStore(path, {clock: () => Number(now), ids: randomUUID, create: false})
const seqs = await act(store, JSON.parse(deed) as Deed)
setInterval(() => undefined, 60_000)
process.stdout.write(`${JSON.stringify(seqs)}\n`)
