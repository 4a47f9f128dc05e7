import {LeatCommand} from '../../cli/base.js'
import {words, yes} from '../../cli/flags.js'
import {confirm} from '../../cli/prompts.js'
import {shortId} from '../../model/reference.js'

export default class TokenRevoke extends LeatCommand {
  static override summary = 'End tokens: no door takes them any more.'
  static override description =
    'Your own, or for administrators any. By the id that token list shows, or its end. At a terminal it asks first; in a script it is done.'
  static override args = {ids: words('The tokens: an id, or its last 6 or more characters.', {asks: 'token'})}
  static override flags = {yes}
  static override examples = [
    '<%= config.bin %> token revoke 9f2c41aa',
    '<%= config.bin %> token list --actor deploy-bot --json | jq -r .id | xargs <%= config.bin %> token revoke',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TokenRevoke)
    const ids = [...new Set<string>(args.ids)]
    if (this.interactive && !flags.yes) await this.ask(ids)
    for (const id of ids) {
      const token = await this.bus.revokeToken(id)
      this.out.done(`revoked token ${token.id} of ${token.actor}`, token)
    }
  }

  /** A script is not asked: a token that is out must end at once. */
  private async ask(ids: readonly string[]): Promise<void> {
    const plain = (id: string): string => id.toLowerCase().replaceAll('-', '')
    const found = (await this.bus.tokens()).filter(({id}) => ids.some((end) => plain(id).endsWith(plain(end))))
    const what = found.map(({id, actor}) => `token ${shortId(id)} of ${actor}`).join(', ')
    // What names none is refused below.
    if (found.length === 0) return
    await confirm({message: `revoke ${what}`, yes: false, interactive: true, paint: this.out.paint})
  }
}
