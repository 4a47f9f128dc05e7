import {LeatCommand} from '../cli/base.js'
import {word, yes} from '../cli/flags.js'
import {confirm} from '../cli/prompts.js'
import {placeName} from '../model/reference.js'

export default class Redact extends LeatCommand {
  static override summary = 'Remove the content and headers of a message for good.'
  static override description =
    'Everywhere it is; the message itself stays, so that numbers, threads and cursors hold. Asks first; --yes where nobody can be asked.'
  static override args = {message: word('CHANNEL/SEQ, an id or its end.', {asks: 'message'})}
  static override flags = {yes}
  static override examples = ['<%= config.bin %> redact ops/42', '<%= config.bin %> redact ops/42 --yes --json']

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Redact)
    const {message, places} = await this.bus.show(args.message)
    const what = `${places.map(placeName).join(', ')} by ${message.sender}`
    await confirm({message: `redact ${what}`, yes: flags.yes, interactive: this.interactive, paint: this.out.paint})
    const [redacted] = await this.bus.redact(args.message)
    const {id, redactedAt, redactedBy} = redacted ?? message
    this.out.done(`redacted ${what}`, {id, places, redactedAt, redactedBy})
  }
}
