import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {anyWords, duration, time} from '../cli/flags.js'
import {printStatistics, statisticsText} from '../cli/output/views/statistics.js'
import {watching} from '../cli/watching.js'
import {isGlob} from '../model/names.js'

export default class Stats extends LeatCommand {
  static override summary = 'Show in numbers what goes on in channels.'
  static override description =
    'How much came when and from whom, who is behind, what workers have in hand and gave up on, the largest threads: a page about one channel, a table of several. Counts are exact, and of what you may see. Senders, types, threads and bytes are those of the window, and in a busy one of its newest 100,000 messages. With --watch the numbers are shown again as they change; off a terminal each time is another line for each channel.'
  static override args = {
    channels: anyWords("Channels, or patterns in quotes: 'build.*' (default: all that you may read)."),
  }
  static override flags = {
    since: time({description: 'The window begins (default: 24h before it ends).'}),
    until: time({description: 'The window ends (default: now).', exclusive: ['watch']}),
    parts: Flags.integer({description: 'Into so many parts the window is divided (default 24).', helpValue: 'N'}),
    all: Flags.boolean({description: 'Hidden channels too.'}),
    watch: Flags.boolean({description: 'Go on with what changes, until Ctrl-C.'}),
    interval: duration({description: 'With --watch: not more often than this (default 2s).', dependsOn: ['watch']}),
  }
  static override examples = [
    '<%= config.bin %> stats',
    '<%= config.bin %> stats ops --since 7d',
    "<%= config.bin %> stats 'build.*' --watch",
    "<%= config.bin %> stats ops --json | jq '.consumers[] | select(.waiting > 0)'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Stats)
    const channels: string[] = args.channels ?? []
    const {since, until, all, watch, interval = 2000} = flags
    const isForPeople = this.out.terminal && !this.out.json
    const options = {since, until, all, parts: flags.parts ?? (isForPeople ? FINE : undefined)}
    const single = channels.length === 1 && !isGlob(channels[0] as string)
    const show = {out: this.out, single, signal: this.interrupted}
    if (watch) return watching((signal) => this.bus.watchStatistics(channels, {...options, interval, signal}), show)
    const found = await this.bus.statistics(channels, options)
    if (!isForPeople) return printStatistics(this.out, found, single)
    this.out.write(statisticsText(found, this.out.look, single))
    this.out.flush()
  }
}

/** Parts of a window that are drawn: as many together as there is no room for. */
const FINE = 96
