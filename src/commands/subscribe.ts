import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {word} from '../cli/flags.js'
import {subscribedSentence} from '../cli/output/views/subscription.js'
import {noteTarget} from '../cli/push-remarks.js'
import {settingsOf, subscriptionFlags} from '../cli/subscribing.js'

export default class Subscribe extends LeatCommand {
  static override aliases = ['channel:subscribe']
  static override summary = 'Subscribe to a channel: it appears in your inbox from now on.'
  static override description =
    'There is one subscription for each channel and subscriber. Subscribing again changes what is given and leaves the rest; the cursor moves only with --from. An empty value takes a setting away. With a transport or an endpoint messages are pushed, by leat serve or leat deliver.'
  static override args = {channel: word('The channel.', {asks: 'channel'})}
  static override flags = {
    ...subscriptionFlags,
    from: Flags.string({description: 'Where reading begins (a new subscription: now).', helpValue: 'POS'}),
  }
  static override examples = [
    '<%= config.bin %> subscribe ops',
    '<%= config.bin %> subscribe alerts --type error --type fatal --from start',
    '<%= config.bin %> subscribe ops --subscriber pager --kind service --transport http --endpoint https://pager.example/hook',
    "<%= config.bin %> subscribe ops --transport exec --endpoint './on-message.sh'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Subscribe)
    const settings = settingsOf(flags)
    const {subscription, created} = await this.bus.subscribe(args.channel, {
      ...settings,
      subscriber: flags.subscriber,
      from: flags.from,
    })
    const changed = flags.from !== undefined || Object.values(settings).some((value) => value !== undefined)
    this.out.done(subscribedSentence(subscription, created, changed), {...subscription, created})
    if (changed) await noteTarget(this.out, {bus: this.bus, config: this.config}, subscription)
  }
}
