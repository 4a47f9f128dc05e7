import {LeatCommand} from '../../cli/base.js'
import {word, words} from '../../cli/flags.js'
import {tellingOfAdministration} from '../../cli/granting.js'
import {roleSentence} from '../../cli/output/views/role.js'

export default class RoleAdd extends LeatCommand {
  static override summary = 'Put actors into a role.'
  static override description = 'They have at once what was granted to it. Who is in it stays. For administrators.'
  static override args = {role: word('The role.', {asks: 'role'}), actors: words('The actors.', {asks: 'actor'})}
  static override examples = [
    '<%= config.bin %> role add monitors bob carol',
    '<%= config.bin %> role add admins alice --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(RoleAdd)
    const {role: name, actors: add} = args
    const role = await tellingOfAdministration(this.bus, this.out, () => this.bus.changeRole(name, {add}))
    this.out.done(roleSentence(role), role)
  }
}
