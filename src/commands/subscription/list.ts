import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {subscriptionView} from '../../cli/output/views/subscription.js'

export default class SubscriptionList extends LeatCommand {
  static override summary = 'List subscriptions: who wants which channel, and how.'
  static override description = 'Those of every channel that you may read.'
  static override flags = {
    channel: Flags.string({description: 'Only of this channel.', helpValue: 'NAME'}),
    subscriber: Flags.string({description: 'Only of this subscriber.', helpValue: 'NAME'}),
  }
  static override examples = [
    '<%= config.bin %> subscription list',
    '<%= config.bin %> subscription list --channel ops --json | jq -r .subscriber',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(SubscriptionList)
    const {channel, subscriber} = flags
    await this.out.records(
      await this.bus.subscriptions({channel, subscriber}),
      subscriptionView,
      'no subscriptions; leat subscribe CHANNEL',
    )
  }
}
