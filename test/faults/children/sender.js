/** Sends, one message after the other, and says what came of each: `{sent: [[number, seq]…], longest}`. Argument: JSON. */
import {writeSync} from 'node:fs'
import {openBus} from '../../../dist/index.js'

const {store, as, count, keys} = JSON.parse(process.argv[2] ?? '{}')
const bus = await openBus({store, as})
// All begin at once.
writeSync(1, 'ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))

const sent = []
let longest = 0
for (const [at, number] of (keys ?? Array.from({length: count}, (_, one) => one + 1)).entries()) {
  const began = performance.now()
  // Who races for a key says the same as the others.
  const draft = keys ? {body: `one of ${number}`, key: `key-${number}`} : {body: `${as} ${number}`}
  const receipt = await bus.send('storm', draft)
  longest = Math.max(longest, performance.now() - began)
  sent[at] = [number, receipt.sent[0].seq, receipt.id, receipt.duplicate === true]
}
await bus.close()
writeSync(1, `${JSON.stringify({sent, longest})}\n`)
process.exit()
