import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {word} from '../cli/flags.js'
import {subscriber} from '../cli/subscribing.js'
import {LeatError} from '../model/errors.js'

export default class Unsubscribe extends LeatCommand {
  static override aliases = ['channel:unsubscribe']
  static override summary = 'End a subscription. The cursor stays unless --forget.'
  static override description =
    'Who subscribes again goes on where the cursor stands; with --forget it is dropped, and a new subscription begins with what comes then.'
  static override args = {channel: word('The channel.', {asks: 'subscribed'})}
  static override flags = {
    subscriber,
    forget: Flags.boolean({description: 'Drop the cursor too.'}),
  }
  static override examples = [
    '<%= config.bin %> unsubscribe ops',
    '<%= config.bin %> unsubscribe ops --subscriber pager --forget',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Unsubscribe)
    const {subscriber = this.bus.context.actor, forget} = flags
    if (!(await this.bus.unsubscribe(args.channel, {subscriber, forget})))
      throw new LeatError('NOT_FOUND', `${subscriber} is not subscribed to "${args.channel}"`, {
        hint: 'leat subscription list',
      })
    const sentence = `${subscriber} no longer subscribes to ${args.channel}${forget ? ', and its cursor is forgotten' : ''}`
    this.out.done(sentence, {channel: args.channel, subscriber, forgotten: forget})
  }
}
