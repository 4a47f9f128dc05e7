import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {printRole} from '../../cli/output/views/role.js'

export default class RoleCreate extends LeatCommand {
  static override summary = 'Make a role: a named set of actors that permissions can be granted to.'
  static override description =
    'For administrators: who manages all channels, or while nobody does, anyone on this machine. In a pipe it prints the name.'
  static override args = {name: word('Its name: letters, digits, ".", "_" and "-".', {asks: 'new role'})}
  static override flags = {description: Flags.string({description: 'What it is for.', helpValue: 'TEXT'})}
  static override examples = [
    '<%= config.bin %> role create monitors --description "What watches the machines"',
    '<%= config.bin %> role create admins',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RoleCreate)
    const {description} = flags
    await printRole(this.out, await this.bus.createRole(args.name, {...(description !== undefined && {description})}))
  }
}
