import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'

export default class ChannelRename extends LeatCommand {
  static override summary = 'Give a channel another name.'
  static override description =
    'Messages, cursors, subscriptions and members go along. The old name is free, but never gives a number twice.'
  static override args = {name: word('The channel.', {asks: 'channel'}), to: word('Its new name.', {asks: 'new name'})}
  static override examples = [
    '<%= config.bin %> channel rename ops operations',
    '<%= config.bin %> channel rename build build.2026 --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ChannelRename)
    const channel = await this.bus.renameChannel(args.name, args.to)
    this.out.done(`renamed ${args.name} to ${channel.name}`, channel)
  }
}
