import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {ownerFlags} from '../../cli/dead-letters.js'
import {messageOutputFlags, word} from '../../cli/flags.js'
import {writeContent} from '../../cli/output/messages.js'
import {DEAD_LETTER_DETAILS} from '../../cli/output/views/dead-letter.js'

export default class DeadShow extends LeatCommand {
  static override summary = 'Show everything about the dead letters of a message.'
  static override description =
    'Why it was given up, what the command said at the end (of its stderr), and the message as it was. One for each group or subscriber that it was given up for. --raw is the content alone, byte for byte.'
  static override args = {
    message: word('CHANNEL/SEQ, or the id of the message or the dead letter, or its end.', {asks: 'dead letter'}),
  }
  static override flags = {
    ...ownerFlags,
    raw: messageOutputFlags.raw,
    output: Flags.string({description: 'Put the content into this file.', helpValue: 'FILE'}),
  }
  static override examples = [
    '<%= config.bin %> dead show jobs/3',
    '<%= config.bin %> dead show jobs/3 --group thumbs --json | jq -r .detail',
    '<%= config.bin %> dead show jobs/3 --raw | ./handle.sh',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeadShow)
    const {group, subscriber} = flags
    let shown = 0
    for await (const letter of this.bus.deadLetters({message: args.message, group, subscriber})) {
      // The content is the same in all of them.
      if (flags.raw || flags.output !== undefined) return writeContent(this.out, letter.message, flags.output)
      if (shown++ > 0 && !this.out.json) this.out.write('\n')
      await this.out.record(letter, DEAD_LETTER_DETAILS)
    }
  }
}
