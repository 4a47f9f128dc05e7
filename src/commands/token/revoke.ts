import {LeatCommand} from '../../cli/base.js'
import {words} from '../../cli/flags.js'

export default class TokenRevoke extends LeatCommand {
  static override summary = 'End tokens: no door takes them any more.'
  static override description = 'Your own, or for administrators any. By the id that token list shows, or its end.'
  static override args = {ids: words('The tokens: an id, or its last 6 or more characters.')}
  static override examples = [
    '<%= config.bin %> token revoke 9f2c41aa',
    '<%= config.bin %> token list --actor deploy-bot --json | jq -r .id | xargs <%= config.bin %> token revoke',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(TokenRevoke)
    for (const id of new Set<string>(args.ids)) {
      const token = await this.bus.revokeToken(id)
      this.out.done(`revoked token ${token.id} of ${token.actor}`, token)
    }
  }
}
