import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {printing, withHeadings} from '../cli/handing.js'
import {asReader} from '../cli/output/unread.js'
import {inboxView} from '../cli/output/views/inbox.js'
import {nothingCame, readingFlags, readOptions} from '../cli/reading.js'
import {takeAll} from '../cli/taking.js'

export default class Inbox extends LeatCommand {
  static override summary = 'Read what is unread in everything that you subscribe to.'
  static override description =
    'Channel by channel, each at your own place in it; the cursor moves as with read. Your own messages, paused subscriptions and types that a subscription does not want are left out.'
  static override flags = {
    ...readingFlags,
    counts: Flags.boolean({
      description: 'Only say how much is unread where; no cursor moves.',
      exclusive: ['limit', 'all', 'wait'],
    }),
  }
  static override examples = [
    '<%= config.bin %> inbox',
    '<%= config.bin %> inbox --counts',
    "<%= config.bin %> inbox --all --format '{channel}/{seq} {sender}: {content:line}'",
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(Inbox)
    const {reader} = flags
    if (!(await this.subscribed()) && flags.wait === undefined && !flags['fail-empty']) return
    if (flags.counts) {
      const counts = await this.bus.inboxCounts({reader})
      await this.out.records(counts, inboxView)
      return nothingCame(this.out, 'your inbox', counts.length, flags)
    }
    const {filter: _, ...options} = readOptions(flags, this.interrupted)
    const given = await takeAll(this.bus.inbox(options), {
      out: this.out,
      // Of each channel so many: there is never only one.
      handing: withHeadings(this.out, printing(this.out, {...flags, limit: undefined}), flags),
      more: flags.all ? undefined : `leat inbox --all${asReader(reader)}`,
      unread: async (channel) =>
        (await this.bus.inboxCounts({reader})).find((box) => box.channel === channel)?.unread ?? 0,
    })
    nothingCame(this.out, 'your inbox', given, flags)
  }

  /** Whether there is anything to read; tells how to begin if not. */
  private async subscribed(): Promise<boolean> {
    const {actor} = this.bus.context
    const subscribed = (await this.bus.subscriptions({subscriber: actor})).length > 0
    if (!subscribed) this.out.note(`${actor} is not subscribed to anything; leat subscribe CHANNEL`)
    return subscribed
  }
}
