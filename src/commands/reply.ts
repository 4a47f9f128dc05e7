import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {draftFlags, draftOf, expiryFlags, withBody} from '../cli/draft.js'
import {writing} from '../cli/editor.js'
import {optionalWord, word} from '../cli/flags.js'
import {bodyFlags, readBody} from '../cli/input.js'
import {noteIfJson, sentLine} from '../cli/output/sent.js'

const {type, header, ref, id, key, to} = draftFlags

export default class Reply extends LeatCommand {
  static override summary = 'Answer a message, in its thread.'
  static override description =
    'Goes where the answer is expected: to the reply channel of the message, else to its own channel. Carries thread, correlation id and conversation; an answer to a direct message stays between the two.'
  static override args = {
    message: word('The message that is answered: CHANNEL/SEQ, an id or its end.', {asks: 'message'}),
    body: optionalWord('The body, - for stdin. In scripts -m is safer: it takes any text.'),
  }
  static override flags = {
    ...bodyFlags,
    error: Flags.boolean({description: 'Answer with an error (who asked sees a failure).', exclusive: ['type']}),
    type,
    header,
    ref,
    id,
    key,
    to,
    ...expiryFlags,
  }
  static override examples = [
    '<%= config.bin %> reply ops/42 "on it"',
    '<%= config.bin %> reply "$LEAT_MSG_REF" -m "$RESULT"',
    "jq -n '{ok: true}' | <%= config.bin %> reply ops/42 -J",
    '<%= config.bin %> reply ops/42 --error -m "no such host"',
  ]
  static override takesRest = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Reply)
    const note = (text: string): void => this.out.note(text)
    const {
      env,
      interactive,
      out: {paint},
    } = this
    const person = writing({env, interactive, paint, to: args.message})
    const given = await readBody({argument: args.body, flags, stdin: this.stdin, rest: this.rest, note, ...person})
    const receipt = await this.bus.reply(args.message, withBody(draftOf(flags), given), {error: flags.error})
    noteIfJson(this.out, given)
    sentLine(this.out, receipt)
  }
}
