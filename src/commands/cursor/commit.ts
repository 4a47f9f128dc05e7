import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {commitSentence} from '../../cli/output/views/cursor.js'
import {reader} from '../../cli/reading.js'

export default class CursorCommit extends LeatCommand {
  static override summary = 'Finish everything up to a message, after read --no-commit.'
  static override description =
    'The cursor moves to the message, and never back: a cursor that is past it stays where it is.'
  static override args = {message: word('The last message that is done: CHANNEL/SEQ, or its id.', {asks: 'message'})}
  static override flags = {reader}
  static override examples = [
    '<%= config.bin %> cursor commit ops/42',
    "<%= config.bin %> read ops -n 1 --no-commit --format '{channel}/{seq}' | xargs <%= config.bin %> cursor commit",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CursorCommit)
    const move = await this.bus.commitCursor(args.message, {reader: flags.reader})
    this.out.done(commitSentence(move), move)
  }
}
