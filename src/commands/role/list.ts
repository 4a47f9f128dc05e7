import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {ROLE} from '../../cli/output/views/role.js'

export default class RoleList extends LeatCommand {
  static override summary = 'List roles and who is in them.'
  static override description = 'Administrators see all roles, others those that they are in.'
  static override flags = {actor: Flags.string({description: 'Only roles that this actor is in.', helpValue: 'NAME'})}
  static override examples = [
    '<%= config.bin %> role list',
    '<%= config.bin %> role list --actor bob --json | jq -r .name',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(RoleList)
    const {actor} = flags
    const roles = await this.bus.roles({...(actor !== undefined && {actor})})
    await this.out.records(roles, ROLE, 'no roles; leat role create NAME makes one')
  }
}
