import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {subscriber} from '../../cli/subscribing.js'

export default class SubscriptionSecret extends LeatCommand {
  static override summary = 'Make a new secret that deliveries of a subscription are signed with.'
  static override description =
    'It is shown this once; give it to the receiver. The one before stays valid beside it, so that the receiver can change over: deliveries are signed with both. Webhooks are signed as Standard Webhooks says.'
  static override args = {channel: word('The channel.', {asks: 'subscribed'})}
  static override flags = {subscriber}
  static override examples = [
    '<%= config.bin %> subscription secret ops --subscriber pager',
    '<%= config.bin %> subscription secret ops > pager.secret',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SubscriptionSecret)
    const {channel} = args
    const {subscriber = this.bus.context.actor} = flags
    const secret = await this.bus.newSecret(channel, {subscriber})
    this.out.write(this.out.json ? `${JSON.stringify({channel, subscriber, secret})}\n` : `${secret}\n`)
    this.out.flush()
    this.out.note('shown this once; if there was one before, it stays valid until the next one is made')
  }
}
