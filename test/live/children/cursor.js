/** Follows `stream` from its cursor, and notes each message before it is committed and each commit: "seen|at NAME SEQ". */
import {openBus} from '../../../dist/index.js'
import {given, note, say} from './parent.js'

const {store, name} = given
const bus = await openBus({store, as: 'bob'})
for await (const taken of bus.followCursor(['stream'], {limit: 10})) {
  for (const {seq} of taken.messages) note('seen', name, seq)
  await taken.commit()
  for (const {seq} of taken.messages.slice(-1)) note('at', name, seq)
  say('read')
}
