import {LeatCommand} from '../../cli/base.js'
import {word, words} from '../../cli/flags.js'
import {tellingOfAdministration} from '../../cli/granting.js'
import {roleSentence} from '../../cli/output/views/role.js'

export default class RoleRemove extends LeatCommand {
  static override summary = 'Take actors out of a role.'
  static override description =
    'They lose at once what they had through it. Who is not in it is passed over. For administrators.'
  static override args = {role: word('The role.', {asks: 'role'}), actors: words('The actors.', {asks: 'member'})}
  static override examples = [
    '<%= config.bin %> role remove monitors bob',
    '<%= config.bin %> role remove admins alice --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(RoleRemove)
    const {role: name, actors: remove} = args
    const role = await tellingOfAdministration(this.bus, this.out, () => this.bus.changeRole(name, {remove}))
    this.out.done(roleSentence(role), role)
  }
}
