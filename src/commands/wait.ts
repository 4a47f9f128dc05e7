import {answerFlags, printingAnswers} from '../cli/answering.js'
import {LeatCommand} from '../cli/base.js'
import {duration, word} from '../cli/flags.js'

export default class Wait extends LeatCommand {
  static override summary = 'Wait for the answer to a message.'
  static override description =
    'Prints the content of the first answer to anything that was sent earlier, one that is there already or one that comes: exit 8 if that is an error. Without --timeout it waits until there is one. A request that is gone is still known by its whole id.'
  static override args = {message: word('The message that was sent: CHANNEL/SEQ, an id or its end.', {asks: 'message'})}
  static override flags = {
    timeout: duration({description: 'Wait so long (exit 4 if none comes).'}),
    ...answerFlags,
  }
  static override examples = [
    '<%= config.bin %> wait ops/42',
    '<%= config.bin %> wait "$(<%= config.bin %> send ops -m "ready?")" --timeout 30s',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Wait)
    const print = printingAnswers(this.out, flags)
    const {timeout, replies} = flags
    await print(this.bus.waitForReply(args.message, {timeout, replies, signal: this.interrupted}))
  }
}
