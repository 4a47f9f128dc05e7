import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {messageOutputFlags, word} from '../cli/flags.js'
import {messagePrinter, writeContent} from '../cli/output/messages.js'
import {printDetails} from '../cli/output/views/details.js'

const {raw, format} = messageOutputFlags

export default class Show extends LeatCommand {
  static override summary = 'Show everything about one message.'
  static override description =
    'Its fields and content, where it is, what it points at and what points at it, who has read it. --raw is the content alone, byte for byte.'
  static override args = {
    message: word('CHANNEL/SEQ, an id, or the last 6 or more characters of one.', {asks: 'message'}),
  }
  static override flags = {
    raw,
    format,
    output: Flags.string({description: 'Put the content into this file.', helpValue: 'FILE', exclusive: ['format']}),
  }
  static override examples = [
    '<%= config.bin %> show ops/42',
    '<%= config.bin %> show 5b1e9c2f --json',
    '<%= config.bin %> show ops/42 --raw | jq .',
    '<%= config.bin %> show reports/7 --output report.pdf',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Show)
    const print = flags.format === undefined ? undefined : messagePrinter(this.out, flags)
    const details = await this.bus.show(args.message)
    const {message} = details
    if (message.redactedAt !== undefined && (flags.raw || flags.output !== undefined))
      this.out.note(`${message.redactedBy} removed the content at ${message.redactedAt}`)
    if (flags.raw || flags.output !== undefined) return writeContent(this.out, message, flags.output)
    if (!print) return printDetails(this.out, details)
    print(message)
    this.out.flush()
  }
}
