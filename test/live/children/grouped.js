/** Sends pairs of messages over many lanes at once, without end, and notes each pair that was acknowledged: "LANE NUMBER". */
import {openBus} from '../../../dist/index.js'
import {given, note, say} from './parent.js'

const {store, name, lanes} = given
const bus = await openBus({store, as: name})
const draft = (body) => ({
  id: bus.context.ids(),
  channels: ['stream'],
  sender: name,
  type: 'message',
  body,
  contentType: 'text/plain',
  key: `${name} ${body}`,
})

/** Law 6: both or none. */
async function lane(which) {
  for (let number = 1; ; number++) {
    const text = `${which} ${number}`
    await bus.context.store.messages.append([draft(`${text} first`), draft(`${text} second`)])
    note(name, which, number)
    if (which === 1 && number === 3) say('there')
  }
}
await Promise.all(Array.from({length: lanes}, (_, index) => lane(index + 1)))
