import {LeatCommand} from '../cli/base.js'
import {claimRow, claimsArg, eachClaim, ofGroup} from '../cli/claiming.js'
import {placeName} from '../model/reference.js'

export default class Ack extends LeatCommand {
  static override summary = 'Finish claims: the group is done with these messages.'
  static override description =
    'Each for itself. A claim that was lost, because its lease ran out or the message was given to someone else, is refused with exit 6.'
  static override args = {claims: claimsArg}
  static override flags = {group: ofGroup}
  static override examples = ['<%= config.bin %> ack "$token"', '<%= config.bin %> ack jobs/42 --group thumbs']

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Ack)
    await eachClaim(this.out, args.claims, flags.group, async (name) => {
      const claim = await this.bus.ack(name)
      this.out.done(`${placeName(claim.message)} is done for ${claim.group}`, claimRow(claim))
    })
  }
}
