/** Sends numbered messages for as long as it lives, to `stream` and `jobs` in turn, and notes each that was acknowledged: "NUMBER CHANNEL SEQ". */
import {setTimeout as pause} from 'node:timers/promises'
import {openBus} from '../../../dist/index.js'
import {given, note, say} from './parent.js'

const {store, name, first, every} = given
const bus = await openBus({store, as: name})
for (let number = first; ; number++) {
  const channels = [['stream'], ['jobs'], ['stream', 'jobs']][number % 3]
  const {sent} = await bus.send(channels, {body: `${name} ${number}`, key: `${name}-${number}`})
  note(number, ...sent.map(({channel, seq}) => `${channel}/${seq}`))
  say('sent')
  await pause(Math.random() * every)
}
