import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {anyWords, filterFlags, limit, messageOutputFlags, time} from '../cli/flags.js'
import {printing, show} from '../cli/handing.js'
import {historyOptions, noteIfCut} from '../cli/history.js'

export default class Log extends LeatCommand {
  static override summary = 'Show what was sent, without moving any cursor.'
  static override description =
    'The newest 50 messages of the channels (default: all that you may read), oldest first. With --from or --after the next 50 from there. What is expired is left out.'
  static override args = {channels: anyWords("Channels, or patterns in quotes: 'build.*'.")}
  static override flags = {
    limit: limit('At most so many (default 50).'),
    all: Flags.boolean({description: 'Everything.', exclusive: ['limit']}),
    reverse: Flags.boolean({description: 'Newest first.'}),
    from: Flags.string({description: 'Begin here.', helpValue: 'POS', exclusive: ['after']}),
    after: Flags.string({description: 'Begin behind this.', helpValue: 'POS'}),
    since: time({description: 'Stored then or later.'}),
    until: time({description: 'Stored before then.'}),
    ...filterFlags,
    to: Flags.string({description: 'Only direct messages to this recipient.', helpValue: 'NAME'}),
    conversation: Flags.string({description: 'Only messages of this conversation.', helpValue: 'NAME'}),
    'correlation-id': Flags.string({description: 'Only messages with this correlation id.', helpValue: 'TEXT'}),
    thread: Flags.string({description: 'Only the thread of this message.', helpValue: 'MESSAGE'}),
    grep: Flags.string({char: 'g', description: 'Only messages with this text in their content.', helpValue: 'TEXT'}),
    ...messageOutputFlags,
  }
  static override examples = [
    '<%= config.bin %> log ops -n 5',
    "<%= config.bin %> log 'build.*' --since yesterday --type alert",
    '<%= config.bin %> log --sender bob -g timeout --reverse',
    "<%= config.bin %> log ops --after ops/42 --format '{seq} {sender}: {content:line}'",
    '<%= config.bin %> log ops --all --json | jq -r .content',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Log)
    const channels: string[] = args.channels ?? []
    const options = historyOptions(flags, this.interrupted)
    const {given} = await show(this.bus.log(channels, options), printing(this.out, flags), this.out)
    await noteIfCut({bus: this.bus, out: this.out, channels, options, given})
  }
}
