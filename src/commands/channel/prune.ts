import {Flags} from '@oclif/core'
import type {Pruned, PruneOptions} from '../../bus/channels.js'
import {LeatCommand} from '../../cli/base.js'
import {managedChannels} from '../../cli/channels.js'
import {countFromZero, time, words, yes} from '../../cli/flags.js'
import {PRUNED, pruneQuestion} from '../../cli/output/views/channel.js'
import {confirm} from '../../cli/prompts.js'

const CLOCK_DOUBTED =
  'nothing is deleted by age: the clock is more than a day past the newest message; --yes believes it'

export default class ChannelPrune extends LeatCommand {
  static override summary = 'Delete the oldest messages of channels.'
  static override description =
    'Without --keep and --before by the retention of the channel. What is claimed or waits for delivery stays. Asks first; --yes where nobody can be asked. While the clock is more than a day past the newest message nothing is deleted by age without --yes.'
  static override args = {names: words('The channels.', {asks: 'channel'})}
  static override flags = {
    keep: countFromZero({description: 'Keep so many of the newest.'}),
    before: time({description: 'Delete what was stored before this time.'}),
    'keep-unread': Flags.boolean({description: 'Keep what a reader or a subscriber has not read.'}),
    'dry-run': Flags.boolean({description: 'Only say what would be deleted.'}),
    yes,
  }
  static override examples = [
    '<%= config.bin %> channel prune ops --keep 1000',
    '<%= config.bin %> channel prune ops audit --before 90d --keep-unread --yes',
    '<%= config.bin %> channel prune ops --dry-run',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ChannelPrune)
    const {keep, before, 'keep-unread': keepUnread, 'dry-run': dryRun} = flags
    const names = await managedChannels(this.bus, args.names)
    // Who answers yes has seen what goes, so the clock is believed as with --yes.
    const options = {keep, before, keepUnread, trustClock: flags.yes || !dryRun}
    const plan = await this.prune(names, {...options, dryRun: true})
    const nothing = plan.every(({deleted}) => deleted === 0)
    // A person is not asked about nothing; a script needs --yes whatever there is, so that it doesn't fail only later.
    const yes = flags.yes || (nothing && this.interactive)
    if (!dryRun)
      await confirm({message: pruneQuestion(plan), yes, interactive: this.interactive, paint: this.out.paint})
    const pruned = dryRun ? plan : await this.prune(names, options)
    if (pruned.some(({clockDoubted}) => clockDoubted)) this.out.note(CLOCK_DOUBTED)
    await this.out.records(pruned, PRUNED)
  }

  private async prune(names: readonly string[], options: PruneOptions): Promise<Pruned[]> {
    const pruned = []
    for (const name of names) pruned.push(await this.bus.pruneChannel(name, options))
    return pruned
  }
}
