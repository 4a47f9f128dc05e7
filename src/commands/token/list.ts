import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {TOKEN} from '../../cli/output/views/token.js'

export default class TokenList extends LeatCommand {
  static override summary = 'List tokens: whom they prove and when they end, never what they are.'
  static override description = 'Administrators see all tokens, others their own.'
  static override flags = {actor: Flags.string({description: 'Only tokens of this actor.', helpValue: 'NAME'})}
  static override examples = [
    '<%= config.bin %> token list',
    '<%= config.bin %> token list --actor deploy-bot --json | jq -r .id',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(TokenList)
    const {actor} = flags
    const tokens = await this.bus.tokens({...(actor !== undefined && {actor})})
    await this.out.records(tokens, TOKEN, 'no tokens; leat token create --for NAME makes one')
  }
}
