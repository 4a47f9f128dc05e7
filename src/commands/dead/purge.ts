import {LeatCommand} from '../../cli/base.js'
import {letterFlags, lettersArg, lettersIn, namedLetters} from '../../cli/dead-letters.js'
import {yes} from '../../cli/flags.js'
import {confirm} from '../../cli/prompts.js'

export default class DeadPurge extends LeatCommand {
  static override summary = 'Delete dead letters for good.'
  static override description =
    'The messages themselves stay in their channels; needs manage. Name messages, or give --all. Asks first; --yes where nobody can be asked.'
  static override args = {messages: lettersArg}
  static override flags = {...letterFlags, yes}
  static override examples = [
    '<%= config.bin %> dead purge jobs/3',
    '<%= config.bin %> dead purge --all jobs --group thumbs --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeadPurge)
    const filters = await namedLetters(this.bus, args.messages, flags)
    let planned = 0
    for (const filter of filters) planned += await this.bus.purge({...filter, dryRun: true})
    // A person is not asked about nothing; a script needs --yes whatever there is, so that it doesn't fail only later.
    const yes = flags.yes || (planned === 0 && this.interactive)
    const whose = args.messages?.join(', ') ?? 'all channels'
    await confirm({
      message: `purge ${lettersIn(planned)} of ${whose}`,
      yes,
      interactive: this.interactive,
      paint: this.out.paint,
    })
    let purged = 0
    for (const filter of filters) purged += await this.bus.purge(filter)
    this.out.done(`purged ${lettersIn(purged)}`, {purged})
  }
}
