import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {limit, optionalWord} from '../../cli/flags.js'
import {printLetters} from '../../cli/output/views/dead-letter.js'

export default class DeadList extends LeatCommand {
  static override summary = 'List dead letters: messages that a group has given up on, and why.'
  static override description =
    'Oldest first, of a channel or of all that you may read. At a terminal the first 50, in a pipe all of them, if there is no --limit.'
  static override args = {channel: optionalWord('Only of this channel.')}
  static override flags = {
    group: Flags.string({description: 'Only of this group.', helpValue: 'NAME'}),
    limit: limit('At most so many.'),
  }
  static override examples = [
    '<%= config.bin %> dead list jobs',
    "<%= config.bin %> dead list --group thumbs --json | jq -r '[.message.seq, .reason] | @tsv'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeadList)
    const {group, limit} = flags
    await printLetters(this.out, this.bus.deadLetters({channel: args.channel, group}), limit)
  }
}
