import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {count, duration, limit, messageOutputFlags, word} from '../cli/flags.js'
import {claimPrinter} from '../cli/output/views/claim.js'
import {groupFlag, someTime} from '../cli/running-commands.js'
import {DEFAULT_GROUP} from '../model/claim.js'
import {LeatError} from '../model/errors.js'

export default class Claim extends LeatCommand {
  static override summary = 'Claim the next message of a group by hand, to ack or nack it later.'
  static override description =
    'Nobody else of the group gets it while the lease runs, also when this command is over. In a pipe the token is the first field. Exit 4 when there is nothing. A new group starts at the beginning.'
  static override args = {channel: word('The channel.', {asks: 'channel'})}
  static override flags = {
    group: groupFlag(DEFAULT_GROUP),
    limit: limit('At most so many (default 1).'),
    lease: someTime({description: 'How long it stays yours without leat extend (default 30s). At most 366 days.'}),
    'max-attempts': count({description: 'Give up what others took so often and never came back from (default 5).'}),
    wait: duration({char: 'w', description: 'Wait so long for the first message (exit 4 if none comes).'}),
    ...messageOutputFlags,
    output: Flags.string({description: 'Content of one message goes to this file.', helpValue: 'FILE'}),
  }
  static override examples = [
    '<%= config.bin %> claim jobs --lease 10m',
    "token=$(<%= config.bin %> claim jobs --wait 30s --format '{claim.token}')",
    '<%= config.bin %> claim jobs -n 10 --json | jq -r .claim.token',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Claim)
    const {group = DEFAULT_GROUP, limit, lease, wait, 'max-attempts': maxAttempts} = flags
    if (flags.output !== undefined && (limit ?? 1) > 1) throw new LeatError('USAGE', '--output is for one message')
    const print = claimPrinter(this.out, flags)
    const signal = this.interrupted
    const claims = await this.bus.claim(args.channel, {group, limit, lease, wait, maxAttempts, signal})
    if (claims.length === 0) throw new LeatError('EMPTY', `nothing in ${args.channel} is ready for ${group}`)
    for (const claim of claims) print(claim)
    this.out.flush()
  }
}
