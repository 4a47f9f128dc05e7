/** Follows the channel ops of a store: prints `waiting`, then the seq of each message as it comes. Argument: the path. */
import {randomUUID} from 'node:crypto'
import {openStore} from '../../../src/store/open.js'

const [path = ''] = process.argv.slice(2)
const store = await openStore(path, {clock: Date.now, ids: randomUUID, create: false})
let after = (await store.channels.get('ops'))?.lastSeq ?? 0
const waiting = store.changed({ops: after}, new AbortController().signal)
process.stdout.write('waiting\n')
await waiting
for (;;) {
  const page = await store.messages.scan({
    channels: [{name: 'ops', after}],
    actor: 'bob',
    order: 'forward',
    limit: 100,
  })
  for (const {seq} of page.messages) process.stdout.write(`${seq}\n`)
  after = page.next['ops'] ?? after
  if (page.end) await store.changed({ops: after}, new AbortController().signal)
}
