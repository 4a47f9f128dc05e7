/** Works on `jobs` and notes what it does: "begin|end|done|lost… MESSAGE WORKER TIME". Poison kills it. */
import {setTimeout as pause} from 'node:timers/promises'
import {openBus} from '../../../dist/index.js'
import {given, hear, note, now, say} from './parent.js'

const {store, name, options, longest, holds} = given
const bus = await openBus({store, as: name})
const noteOf = (word, message) => note(word, message.id, name, now())

async function handle({message}) {
  noteOf('begin', message)
  if (message.content === 'poison') process.kill(process.pid, 'SIGKILL')
  say('begun')
  // Whatever the signal of the handler says: a handler that doesn't listen hurts nobody.
  if (holds) await hear('finish')
  else await pause(Math.random() ** 4 * longest)
  noteOf('end', message)
}

function settled({claim, outcome}) {
  noteOf(outcome, claim.message)
  say('settled', {outcome})
}

say('ready')
await bus.work('jobs', handle, {...options, onSettled: settled})
await bus.close()
process.disconnect()
