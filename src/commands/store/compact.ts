import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {compactedText} from '../../cli/output/views/backup.js'

export default class StoreCompact extends LeatCommand {
  static override summary = 'Give space that nothing uses back to the disk.'
  static override description =
    'Pruned and deleted messages leave free space in the file, which later ones take. This writes the file anew without it, and empties its log. Others wait to write meanwhile, and it takes room for a second copy. For who administers the store.'
  static override flags = {
    'dry-run': Flags.boolean({description: 'Only say how much it would be.'}),
  }
  static override examples = ['<%= config.bin %> store compact --dry-run', '<%= config.bin %> store compact']

  async run(): Promise<void> {
    const {flags} = await this.parse(StoreCompact)
    const compacted = await this.bus.compact({dryRun: flags['dry-run']})
    const text = compactedText(compacted)
    if (flags['dry-run']) this.out.answer(text, compacted)
    else this.out.done(text, compacted)
  }
}
