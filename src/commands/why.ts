import {LeatCommand} from '../cli/base.js'
import {optionalWord, word} from '../cli/flags.js'
import {printExplanation} from '../cli/output/views/explanation.js'

export default class Why extends LeatCommand {
  static override summary = 'Say why someone has or has not got a message.'
  static override description =
    'One line with the answer and the next command to type: behind a cursor, addressed to someone else, not subscribed, filtered, paused, held, expired, pruned, redacted, may not read.'
  static override args = {
    message: word('CHANNEL/SEQ, an id or its end.', {asks: 'message'}),
    who: optionalWord('The reader (default: the actor).'),
  }
  static override examples = ['<%= config.bin %> why ops/42 bob', '<%= config.bin %> why ops/42 --json | jq -r .state']

  async run(): Promise<void> {
    const {args} = await this.parse(Why)
    printExplanation(this.out, await this.bus.why(args.message, args.who))
  }
}
