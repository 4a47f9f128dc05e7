import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {duration, optionalWord} from '../cli/flags.js'
import {CHANNEL_SUMMARY, printNames} from '../cli/output/views/channel.js'

export default class List extends LeatCommand {
  static override summary = 'List channels: what is in them, what is unread, what came last.'
  static override description = 'Counts and the last message are what you may see; unread is what read would give.'
  static override aliases = ['channel:list']
  static override args = {pattern: optionalWord("A name, or a pattern in quotes: 'build.*'.")}
  static override flags = {
    names: Flags.boolean({description: 'Names only.'}),
    sort: Flags.option({options: ['name', 'last', 'unread', 'size'] as const, default: 'name'})({
      description: 'By name, or newest message, most unread, most messages first.',
    }),
    idle: duration({description: 'Only where nothing came for this long.'}),
    all: Flags.boolean({description: 'Hidden ones too.'}),
    reader: Flags.string({
      description: 'Whose cursor unread counts from (default: yours).',
      helpValue: 'NAME',
      env: 'LEAT_READER',
    }),
  }
  static override examples = [
    '<%= config.bin %> list',
    "<%= config.bin %> list 'build.*' --sort last",
    '<%= config.bin %> list --idle 90d --names',
    "<%= config.bin %> list --json | jq -r 'select(.unread > 0).name'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(List)
    const {sort, idle, all, reader} = flags
    const channels = await this.bus.channels({pattern: args.pattern, sort, idle, all, reader})
    if (flags.names) return printNames(this.out, channels)
    await this.out.records(channels, CHANNEL_SUMMARY, 'no channels; leat channel create NAME makes one')
  }
}
