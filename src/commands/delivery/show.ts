import {LeatCommand} from '../../cli/base.js'
import {toSubscriber} from '../../cli/deliveries.js'
import {word} from '../../cli/flags.js'
import {DELIVERY_DETAILS} from '../../cli/output/views/delivery.js'

export default class DeliveryShow extends LeatCommand {
  static override summary = 'Show everything about the deliveries of a message.'
  static override description =
    'Each attempt with its time, status and error, and when it is tried again. One for each subscriber; those of others only where you manage the channel.'
  static override args = {
    message: word('CHANNEL/SEQ, or the id of the message or the delivery, or its end.', {asks: 'delivery'}),
  }
  static override flags = {subscriber: toSubscriber}
  static override examples = [
    '<%= config.bin %> delivery show ops/3',
    "<%= config.bin %> delivery show ops/3 --subscriber pager --json | jq -c '.history[]'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeliveryShow)
    const {subscriber} = flags
    let shown = 0
    for await (const delivery of this.bus.deliveries({message: args.message, subscriber})) {
      if (shown++ > 0 && !this.out.json) this.out.write('\n')
      await this.out.record(delivery, DELIVERY_DETAILS)
    }
  }
}
