import {LeatCommand} from '../cli/base.js'
import {word} from '../cli/flags.js'
import {commandBehind} from '../cli/running-commands.js'
import {workFlags, workWith} from '../cli/working.js'

export default class Work extends LeatCommand {
  static override summary = 'Work in a group: each message goes to one command of one worker.'
  static override description =
    'Exit 0 finishes a message; anything else gives it back, to be tried again later, until its attempts are used up and it becomes a dead letter. The command has the content on its stdin, LEAT_MSG_* and LEAT_CLAIM in its environment. A worker that dies loses what it had in hand to the others. SIGTERM: no new messages, and the end when commands have ended. A new group starts at the beginning.'
  static override usage = '-- COMMAND...'
  static override args = {channel: word('The channel.', {asks: 'channel'})}
  static override flags = workFlags
  static override examples = [
    '<%= config.bin %> work jobs -- ./handle.sh',
    '<%= config.bin %> work jobs --concurrency 4 --timeout 10m --dead-on-exit 65 -- ./resize.sh',
    '<%= config.bin %> work urls --until-empty --into pages -- xargs curl -fsS',
    "<%= config.bin %> work jobs --group audit --json -- sh -c 'cat >> audit.log' | jq -c 'select(.outcome != \"done\")'",
  ]
  static override takesRest = true
  static override orderly = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Work)
    const command = commandBehind(this.rest, this.env, `leat work ${args.channel} -- ./handle.sh`)
    const {bus, out, surroundings: around, interrupted} = this
    await workWith(command, args.channel, flags, {bus, out, around, interrupted})
  }
}
