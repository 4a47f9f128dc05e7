import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {namedDeliveries, toSubscriber} from '../../cli/deliveries.js'
import {anyWords} from '../../cli/flags.js'
import {deliveriesIn} from '../../cli/output/views/delivery.js'

export default class DeliveryRetry extends LeatCommand {
  static override summary = 'Try deliveries again now: those that wait, and those that were given up.'
  static override description =
    'What was given up has all its attempts again, and is a dead letter no more. Name messages, or give --all. leat serve or leat deliver does the work.'
  static override args = {
    messages: anyWords('The messages (CHANNEL/SEQ, an id or its end, also of a delivery); with --all a channel.', {
      asks: 'delivery',
      unless: ['all'],
    }),
  }
  static override flags = {
    subscriber: toSubscriber,
    all: Flags.boolean({description: 'All of them, or all of a channel.'}),
  }
  static override examples = [
    '<%= config.bin %> delivery retry ops/3 ops/7',
    '<%= config.bin %> delivery retry --all ops --subscriber pager',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeliveryRetry)
    let retried = 0
    for (const filter of await namedDeliveries(this.bus, args.messages, flags))
      retried += await this.bus.retryDeliveries(filter)
    this.out.done(`${deliveriesIn(retried)} to be tried again`, {retried})
  }
}
