import {LeatCommand} from '../cli/base.js'
import {word} from '../cli/flags.js'
import {answersOf, respondFlags, respondWith} from '../cli/responding.js'

export default class Respond extends LeatCommand {
  static override summary = 'Answer requests: a command for each, its output is the answer.'
  static override description =
    'Takes messages that have a reply channel, as one of a group: each is answered once. The command has the content on its stdin and LEAT_MSG_* in its environment; text loses one newline at its end. A command that fails is an error reply with the end of its stderr, and is not run again. With --on the type of the request chooses the command, the one behind -- is for all others; a type that has none gets an error reply.'
  static override usage = '[-- COMMAND...]'
  static override args = {channel: word('The channel.')}
  static override flags = respondFlags
  static override examples = [
    '<%= config.bin %> respond calc -- bc -l',
    "<%= config.bin %> respond host --on uptime=uptime --on disk='df -h' --timeout 10s",
    '<%= config.bin %> respond prices --concurrency 4 -J -- ./prices.sh',
    '<%= config.bin %> respond test --echo --count 1',
  ]
  static override takesRest = true
  static override fillsSearch = true
  static override orderly = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Respond)
    const answers = answersOf(flags, this.rest, this.env)
    const {bus, out, surroundings: around, interrupted} = this
    await respondWith(answers, args.channel, flags, {bus, out, around, interrupted})
  }
}
