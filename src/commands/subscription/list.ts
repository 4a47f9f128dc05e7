import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {channelFlag, channelIn} from '../../cli/channels.js'
import {optionalWord} from '../../cli/flags.js'
import {subscriptionView} from '../../cli/output/views/subscription.js'

export default class SubscriptionList extends LeatCommand {
  static override summary = 'List subscriptions: who wants which channel, and how.'
  static override description = 'Those of every channel that you may read.'
  static override args = {channel: optionalWord('Only of this channel.')}
  static override flags = {
    channel: channelFlag,
    subscriber: Flags.string({description: 'Only of this subscriber.', helpValue: 'NAME'}),
  }
  static override examples = [
    '<%= config.bin %> subscription list',
    '<%= config.bin %> subscription list ops --json | jq -r .subscriber',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SubscriptionList)
    const {subscriber} = flags
    await this.out.records(
      await this.bus.subscriptions({channel: channelIn(args, flags), subscriber}),
      subscriptionView,
      'no subscriptions; leat subscribe CHANNEL',
    )
  }
}
