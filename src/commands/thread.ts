import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {word} from '../cli/flags.js'
import {printThread} from '../cli/output/views/thread.js'

export default class Thread extends LeatCommand {
  static override summary = 'Show the thread of a message as a tree.'
  static override description =
    'From the root down, answers below what they answer, the message asked for marked. What you may not read, or what is gone, stands as a placeholder.'
  static override args = {message: word('Any message of the thread: CHANNEL/SEQ, an id or its end.', {asks: 'message'})}
  static override flags = {ancestors: Flags.boolean({description: 'Only the chain from the root to the message.'})}
  static override examples = [
    '<%= config.bin %> thread ops/42',
    '<%= config.bin %> thread ops/42 --ancestors',
    "<%= config.bin %> thread ops/42 --json | jq -r 'select(.depth == 1).sender'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Thread)
    const nodes = await (flags.ancestors ? this.bus.ancestors(args.message) : this.bus.thread(args.message))
    await printThread(this.out, nodes)
  }
}
