import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {ROLE_DETAILS} from '../../cli/output/views/role.js'

export default class RoleShow extends LeatCommand {
  static override summary = 'Show who is in a role, and what was granted to it.'
  static override description =
    'For its members and for administrators. Grants on channels that you may not read are left out.'
  static override args = {name: word('The role.', {asks: 'role'})}
  static override examples = [
    '<%= config.bin %> role show monitors',
    "<%= config.bin %> role show monitors --json | jq -r '.members[]'",
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(RoleShow)
    await this.out.record(await this.bus.role(args.name), ROLE_DETAILS)
  }
}
