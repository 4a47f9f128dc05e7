import {LeatCommand} from '../cli/base.js'
import {deliverFlags, deliverWith} from '../cli/delivering.js'
import {Telling} from '../cli/output/telling.js'
import {transportsFor} from '../cli/transports.js'

export default class Deliver extends LeatCommand {
  static override summary = 'Push messages to subscribers, without a server.'
  static override description =
    'To each subscription in order, to all of them at once; until it is interrupted. A failed attempt is tried again after 5 s, 5 min, 30 min, 2 h and so on, ten times in all, then it is a dead letter. SIGTERM: no new deliveries, and the end when those on their way have ended. leat serve does the same unless it is told not to; several share the work.'
  static override flags = deliverFlags
  static override examples = [
    '<%= config.bin %> deliver',
    '<%= config.bin %> deliver --once --channel ops',
    '<%= config.bin %> deliver --json | jq -r \'select(.outcome == "failed") | .error\'',
  ]
  static override orderly = true

  async run(): Promise<void> {
    const {flags} = await this.parse(Deliver)
    const {bus, out, surroundings: around, interrupted} = this
    const telling = new Telling(out)
    const note = (text: string): void => telling.note(text)
    const foundation = bus.context
    const transports = await transportsFor({config: this.config, around, foundation, errors: telling.errors, note})
    try {
      await deliverWith(flags, {bus, out, telling, transports, interrupted})
    } finally {
      await transports.close()
      await telling.errors.drain()
    }
  }
}
