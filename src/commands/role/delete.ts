import {LeatCommand} from '../../cli/base.js'
import {word, yes} from '../../cli/flags.js'
import {tellingOfAdministration} from '../../cli/granting.js'
import {roleWithCounts} from '../../cli/output/views/role.js'
import {confirm} from '../../cli/prompts.js'

export default class RoleDelete extends LeatCommand {
  static override summary = 'Delete a role with what was granted to it.'
  static override description =
    'Its members lose what they had through it. Asks first; --yes where nobody can be asked. For administrators.'
  static override args = {name: word('The role.', {asks: 'role'})}
  static override flags = {yes}
  static override examples = [
    '<%= config.bin %> role delete monitors',
    '<%= config.bin %> role delete monitors --yes --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RoleDelete)
    const role = await this.bus.role(args.name)
    const {name} = role
    const what = roleWithCounts(role)
    await confirm({message: `delete ${what}`, yes: flags.yes, interactive: this.interactive, paint: this.out.paint})
    await tellingOfAdministration(this.bus, this.out, () => this.bus.deleteRole(name))
    this.out.done(`deleted ${what}`, {role: name, deleted: true})
  }
}
