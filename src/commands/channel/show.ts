import {LeatCommand} from '../../cli/base.js'
import {words} from '../../cli/flags.js'
import {CHANNEL_DETAILS} from '../../cli/output/views/channel.js'

export default class ChannelShow extends LeatCommand {
  static override summary = 'Show everything about channels.'
  static override description =
    'Settings, counts as you see them, members, grants (those on all channels too), subscribers and readers.'
  static override args = {names: words('The channels.', {asks: 'channel'})}
  static override examples = [
    '<%= config.bin %> channel show ops',
    '<%= config.bin %> channel show ops --json | jq -r .schema > ops.schema.json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ChannelShow)
    const names = [...new Set(args.names)]
    const channels = []
    for (const name of names) channels.push(await this.bus.channel(name))
    for (const [index, channel] of channels.entries()) {
      if (index > 0 && !this.out.json) this.out.write('\n')
      await this.out.record(channel, CHANNEL_DETAILS)
    }
  }
}
