import {LeatCommand} from '../cli/base.js'
import {claimRow, claimsArg, eachClaim, ofGroup} from '../cli/claiming.js'
import {someTime} from '../cli/running-commands.js'
import {DEFAULT_LEASE} from '../model/claim.js'
import {placeName} from '../model/reference.js'

export default class Extend extends LeatCommand {
  static override summary = 'Keep claims longer: their leases end that long from now.'
  static override description =
    'Each for itself. A claim that was lost, because its lease ran out or the message was given to someone else, is refused with exit 6.'
  static override args = {claims: claimsArg}
  static override flags = {
    group: ofGroup,
    lease: someTime({description: 'How long from now (default 30s). At most 366 days.', default: DEFAULT_LEASE}),
  }
  static override examples = ['<%= config.bin %> extend "$token" --lease 10m', '<%= config.bin %> extend jobs/42']

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Extend)
    await eachClaim(this.out, args.claims, flags.group, async (name) => {
      const claim = await this.bus.extend(name, flags.lease)
      const {message, group, until} = claim
      this.out.done(`${placeName(message)} is yours for ${group} until ${until}`, {...claimRow(claim), until})
    })
  }
}
