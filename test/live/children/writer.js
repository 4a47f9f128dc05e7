/** Sends numbered messages one after the other, and notes each that was acknowledged: "NUMBER SEQ". */
import {openBus} from '../../../dist/index.js'
import {given, hear, note, say} from './parent.js'

const HOUR = 3_600_000

const {store, name, first, last, tellAt, backAt} = given
let number = first
const clock = () => Date.now() - (backAt !== undefined && number >= backAt ? HOUR : 0)
const bus = await openBus({store, as: name, clock})

for (; number <= last; number++) {
  const {sent} = await bus.send('stream', {body: `${name} ${number}`, key: `${name}-${number}`})
  note(number, sent[0].seq)
  if (number === tellAt) say('there')
}
// Who is to be killed waits for it.
if (tellAt !== undefined) await hear('end')
await bus.close()
process.disconnect()
