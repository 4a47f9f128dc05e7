import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {subscriber} from '../../cli/subscribing.js'

export default class SubscriptionPause extends LeatCommand {
  static override summary = 'Pause a subscription: inbox and deliveries leave it out.'
  static override description =
    'Nothing is lost: what comes meanwhile is unread when it is resumed. read goes on as before.'
  static override args = {channel: word('The channel.', {asks: 'subscribed'})}
  static override flags = {subscriber}
  static override examples = [
    '<%= config.bin %> subscription pause ops',
    '<%= config.bin %> subscription pause ops --subscriber pager',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SubscriptionPause)
    const {subscriber} = flags
    const {subscription} = await this.bus.subscribe(args.channel, {subscriber, paused: true, existing: true})
    this.out.done(`${subscription.subscriber}: ${args.channel} is paused`, subscription)
  }
}
