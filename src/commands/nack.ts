import {Flags} from '@oclif/core'
import type {Nacked} from '../bus/claims.js'
import {LeatCommand} from '../cli/base.js'
import {claimsArg, eachClaim, ofGroup} from '../cli/claiming.js'
import {count, duration} from '../cli/flags.js'
import {placeName} from '../model/reference.js'

export default class Nack extends LeatCommand {
  static override summary = 'Give claimed messages back: for another attempt, or as dead letters.'
  static override description =
    'Each for itself. The message is given again after a while, longer with each attempt, and becomes a dead letter when its attempts are used up. A claim that was lost is refused with exit 6.'
  static override args = {claims: claimsArg}
  static override flags = {
    group: ofGroup,
    reason: Flags.string({description: 'Why; shown with the message and its dead letter.', helpValue: 'TEXT'}),
    delay: duration({
      description: 'Give it again after this long (default: 1s, doubled with each attempt). At most 366 days.',
    }),
    dead: Flags.boolean({description: 'Give it up at once.', exclusive: ['delay', 'max-attempts']}),
    'max-attempts': count({description: 'Attempts before it becomes a dead letter (default 5).'}),
  }
  static override examples = [
    '<%= config.bin %> nack "$token" --reason "no such host"',
    '<%= config.bin %> nack jobs/42 --delay 10m',
    '<%= config.bin %> nack jobs/42 --dead --reason "not an image"',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Nack)
    const {reason, delay, dead, 'max-attempts': maxAttempts} = flags
    await eachClaim(this.out, args.claims, flags.group, async (name) => {
      const nacked = await this.bus.nack(name, {reason, delay, dead, maxAttempts})
      this.out.done(sentence(nacked), nacked)
    })
  }
}

function sentence({state, until, group, ...place}: Nacked): string {
  const name = placeName(place)
  return state === 'dead' ? `${name} is a dead letter of ${group}` : `${name} is given to ${group} again at ${until}`
}
