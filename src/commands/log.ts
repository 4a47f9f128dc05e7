import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {anyWords, limit, messageOutputFlags, time} from '../cli/flags.js'
import {streaming} from '../cli/following.js'
import {foreseen, giveEach, printing, show} from '../cli/handing.js'
import {
  checkOnwards,
  type HistoryFlags,
  historyFlags,
  historyOnwards,
  historyOptions,
  isNarrowed,
  noteIfCut,
} from '../cli/history.js'
import type {MessageOutput} from '../cli/output/messages.js'

export default class Log extends LeatCommand {
  static override summary = 'Show what was sent, without moving any cursor.'
  static override description =
    'The newest 50 messages of the channels (default: all that you may read), oldest first. With --from or --after the next 50 from there. With --follow it then prints what arrives, without a gap. What is expired is left out.'
  static override args = {channels: anyWords("Channels, or patterns in quotes: 'build.*'.")}
  static override flags = {
    limit: limit('At most so many (default 50).'),
    all: Flags.boolean({description: 'Everything.', exclusive: ['limit']}),
    reverse: Flags.boolean({description: 'Newest first.'}),
    from: Flags.string({description: 'Begin here.', helpValue: 'POS', exclusive: ['after']}),
    after: Flags.string({description: 'Begin behind this.', helpValue: 'POS'}),
    since: time({description: 'Stored then or later.'}),
    until: time({description: 'Stored before then.'}),
    ...historyFlags,
    follow: Flags.boolean({
      char: 'f',
      description: 'Go on with what arrives, until Ctrl-C.',
      exclusive: ['reverse', 'until'],
    }),
    ...messageOutputFlags,
  }
  static override examples = [
    '<%= config.bin %> log ops -n 5',
    "<%= config.bin %> log 'build.*' --since yesterday --type alert",
    '<%= config.bin %> log --sender bob -g timeout --reverse',
    "<%= config.bin %> log ops --after ops/42 --format '{seq} {sender}: {content:line}'",
    '<%= config.bin %> log ops --all --json | jq -r .content',
    '<%= config.bin %> log ops -n 20 -f',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Log)
    const channels: string[] = args.channels ?? []
    if (flags.follow) return this.goOn(channels, flags)
    const options = historyOptions(flags, this.interrupted)
    const handing = printing(this.out, flags)
    const found = this.bus.log(channels, options)
    // What is looked for may be far apart: it is shown as it is found.
    const messages = isNarrowed(options) ? found : foreseen(found, handing)
    const {given} = await show(messages, handing, this.out)
    await noteIfCut({bus: this.bus, out: this.out, channels, options, given})
  }

  private goOn(channels: readonly string[], flags: HistoryFlags & MessageOutput): Promise<void> {
    checkOnwards(flags)
    const {bus, out, interrupted: signal} = this
    const handing = printing(out, {...flags, limit: undefined, clock: true})
    return streaming({out, signal, channels, handing}, (stream) =>
      giveEach(bus.follow(channels, {...historyOnwards(flags), ...stream}), handing, out),
    )
  }
}
