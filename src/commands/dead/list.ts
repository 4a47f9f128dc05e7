import {LeatCommand} from '../../cli/base.js'
import {ownerFlags} from '../../cli/dead-letters.js'
import {limit, optionalWord} from '../../cli/flags.js'
import {printLetters} from '../../cli/output/views/dead-letter.js'

export default class DeadList extends LeatCommand {
  static override summary = 'List dead letters: messages that a group or a delivery has given up on, and why.'
  static override description =
    'Oldest first, of a channel or of all that you may read. At a terminal the first 50, in a pipe all of them, if there is no --limit.'
  static override args = {channel: optionalWord('Only of this channel.')}
  static override flags = {
    ...ownerFlags,
    limit: limit('At most so many.'),
  }
  static override examples = [
    '<%= config.bin %> dead list jobs',
    '<%= config.bin %> dead list ops --subscriber pager',
    "<%= config.bin %> dead list --group thumbs --json | jq -r '[.message.seq, .reason] | @tsv'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeadList)
    const {group, subscriber, limit} = flags
    await printLetters(this.out, this.bus.deadLetters({channel: args.channel, group, subscriber}), limit)
  }
}
