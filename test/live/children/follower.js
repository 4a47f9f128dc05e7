/** Follows `stream` from its start to so many messages, and notes each: "SEQ CONTENT". Stops itself at the content "stop". */
import {openBus} from '../../../dist/index.js'
import {given, note, say} from './parent.js'

const {store, name, count, idle} = given
const bus = await openBus({store, as: name})
const lines = []
for await (const {seq, content} of bus.follow(['stream'], {from: 'start', count, idle})) {
  lines.push(`${seq} ${content.slice(0, 40)}`)
  if (content === 'stop') {
    say('stopping')
    process.kill(process.pid, 'SIGSTOP')
  }
}
note(lines.join('\n'))
await bus.close()
process.disconnect()
