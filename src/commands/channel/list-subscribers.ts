import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {subscriptionView} from '../../cli/output/views/subscription.js'

export default class ChannelListSubscribers extends LeatCommand {
  static override summary = 'List who subscribes to a channel.'
  static override description = 'The same as subscription list CHANNEL.'
  static override args = {channel: word('The channel.', {asks: 'channel'})}
  static override examples = [
    '<%= config.bin %> channel list-subscribers ops',
    '<%= config.bin %> channel list-subscribers ops --json | jq -r .subscriber',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ChannelListSubscribers)
    const {channel} = args
    await this.out.records(await this.bus.subscriptions({channel}), subscriptionView, `nobody subscribes to ${channel}`)
  }
}
