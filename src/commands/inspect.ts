import {LeatCommand} from '../cli/base.js'
import {optionalWord} from '../cli/flags.js'
import {inspectUntilQuit} from '../cli/inspecting.js'
import {reader} from '../cli/reading.js'

export default class Inspect extends LeatCommand {
  static override summary = 'Look around in channels and messages on a full screen.'
  static override description =
    'Channels, their messages as they arrive, and everything about one message: its thread, what it is tied to, who has read it. Keys stand at the bottom, ? shows all of them, q quits. Looking moves no cursor. It needs a terminal; in a pipe use leat log -f.'
  static override args = {at: optionalWord('Begin in this channel, or at this message.')}
  static override flags = {reader}
  static override examples = [
    '<%= config.bin %> inspect',
    '<%= config.bin %> inspect ops',
    '<%= config.bin %> inspect ops/42 --as alice',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Inspect)
    const {bus, out, env, host, interrupted: signal} = this
    await inspectUntilQuit(
      {at: args.at, reader: flags.reader},
      {bus, out, env, host, signal, mayAsk: !flags['no-input']},
    )
  }
}
