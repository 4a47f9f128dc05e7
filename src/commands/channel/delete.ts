import {LeatCommand} from '../../cli/base.js'
import {managedChannels} from '../../cli/channels.js'
import {words, yes} from '../../cli/flags.js'
import {confirm} from '../../cli/prompts.js'
import {counted} from '../../model/counted.js'

export default class ChannelDelete extends LeatCommand {
  static override summary = 'Delete channels with everything in them.'
  static override description =
    'Messages, cursors, subscriptions and members go. A channel made again under the name goes on with its numbers. Asks first; --yes where nobody can be asked.'
  static override args = {names: words('The channels.', {asks: 'channel'})}
  static override flags = {yes}
  static override examples = [
    '<%= config.bin %> channel delete scratch',
    '<%= config.bin %> channel delete build.1 build.2 --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ChannelDelete)
    const names = await managedChannels(this.bus, args.names)
    const found = []
    for (const name of names) found.push(await this.bus.channel(name))
    const what = found.map(({name, messages}) => `${name} (${counted(messages, 'message')})`)
    await confirm({
      message: `delete ${what.join(', ')}`,
      yes: flags.yes,
      interactive: this.interactive,
      paint: this.out.paint,
    })
    for (const name of names) {
      const deleted = await this.bus.deleteChannel(name)
      this.out.done(`deleted ${name} with ${deleted} messages`, {channel: name, deleted})
    }
  }
}
