import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {subscriber} from '../../cli/subscribing.js'

export default class SubscriptionResume extends LeatCommand {
  static override summary = 'Resume a paused subscription.'
  static override description = 'What came meanwhile is unread.'
  static override args = {channel: word('The channel.', {asks: 'subscribed'})}
  static override flags = {subscriber}
  static override examples = [
    '<%= config.bin %> subscription resume ops',
    '<%= config.bin %> subscription resume ops --subscriber pager',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SubscriptionResume)
    const {subscriber} = flags
    const {subscription} = await this.bus.subscribe(args.channel, {subscriber, paused: false, existing: true})
    this.out.done(`${subscription.subscriber}: ${args.channel} is resumed`, subscription)
  }
}
