import {LeatCommand} from '../../cli/base.js'
import {state, toSubscriber} from '../../cli/deliveries.js'
import {limit, optionalWord} from '../../cli/flags.js'
import {printFirst} from '../../cli/output/first.js'
import {DELIVERY} from '../../cli/output/views/delivery.js'

export default class DeliveryList extends LeatCommand {
  static override summary = 'List deliveries: what is pushed to subscribers, and what became of it.'
  static override description =
    'All of the channels that you manage, and your own, from the first attempt on. What is given up is a dead letter, too. At a terminal the first 50, in a pipe all of them, if there is no --limit.'
  static override args = {channel: optionalWord('Only of this channel.')}
  static override flags = {subscriber: toSubscriber, state, limit: limit('At most so many.')}
  static override examples = [
    '<%= config.bin %> delivery list ops',
    '<%= config.bin %> delivery list --state failed --subscriber pager',
    "<%= config.bin %> delivery list --state pending --json | jq -r '[.seq, .nextAt] | @tsv'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeliveryList)
    const {subscriber, state, limit} = flags
    const deliveries = this.bus.deliveries({channel: args.channel, subscriber, state})
    await printFirst(this.out, deliveries, DELIVERY, {limit, empty: 'no deliveries'})
  }
}
