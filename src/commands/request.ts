import {answerFlags, printingAnswers} from '../cli/answering.js'
import {LeatCommand} from '../cli/base.js'
import {draftFlags, draftOf, withBody} from '../cli/draft.js'
import {writing} from '../cli/editor.js'
import {duration, optionalWord, word} from '../cli/flags.js'
import {bodyFlags, readBody} from '../cli/input.js'
import {noteIfJson} from '../cli/output/sent.js'

export default class Request extends LeatCommand {
  static override summary = 'Ask, and wait for the answer.'
  static override description =
    'Sends a message that expires with the timeout, and prints the content of what answers it: exit 8 if that is an error, 4 if nothing came in time. Any number may be asked at once, each gets its own answer. The reply channel is CHANNEL.replies, made if it is missing. Asked again with the same --key it waits for the same request.'
  static override args = {
    channel: word('The channel.', {asks: 'channel'}),
    body: optionalWord('The body, - for stdin. In scripts -m is safer: it takes any text.'),
  }
  static override flags = {
    ...bodyFlags,
    ...draftFlags,
    timeout: duration({description: 'Wait so long (default 30s).'}),
    ...answerFlags,
  }
  static override examples = [
    '<%= config.bin %> request calc -m "7 * 6"',
    '<%= config.bin %> request shop -J -m \'{"item":7}\' --type price --timeout 2s --json',
    '<%= config.bin %> request deploy "$VERSION" --key "deploy-$VERSION" --timeout 10m',
  ]
  static override takesRest = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Request)
    const print = printingAnswers(this.out, flags)
    const note = (text: string): void => this.out.note(text)
    const {
      env,
      interactive,
      out: {paint},
    } = this
    const person = writing({env, interactive, paint, to: args.channel})
    const given = await readBody({argument: args.body, flags, stdin: this.stdin, rest: this.rest, note, ...person})
    noteIfJson(this.out, given)
    const {timeout, replies} = flags
    const draft = withBody(draftOf(flags), given)
    await print(this.bus.requestAll(args.channel, draft, {timeout, replies, signal: this.interrupted}))
  }
}
