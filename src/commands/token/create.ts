import {Flags} from '@oclif/core'
import {administers} from '../../bus/administration.js'
import {createBus} from '../../bus/bus.js'
import {LeatCommand} from '../../cli/base.js'
import {timeAhead} from '../../cli/flags.js'
import {printSecret} from '../../cli/output/views/token.js'
import {LeatError} from '../../model/errors.js'

export default class TokenCreate extends LeatCommand {
  static override summary = 'Make a token that proves an actor at the network doors, and print it this once.'
  static override description =
    'For administrators: who manages all channels, or while nobody does, anyone on this machine. Here --as names whom the token proves; $LEAT_AS or your user name says who makes it, or, where that one does not administer the store, --as. With --for, --as says who makes it, as everywhere. Only a hash is stored.'
  static override flags = {
    for: Flags.string({
      description: 'Whom the token proves (default: --as).',
      helpValue: 'NAME',
      asks: 'actor',
      unless: ['as'],
    }),
    expires: timeAhead({description: 'When it ends (default: when it is revoked).'}),
  }
  static override examples = [
    '<%= config.bin %> token create --as deploy-bot --expires 30d',
    'umask 077; <%= config.bin %> token create --for deploy-bot --as alice > token',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(TokenCreate)
    const actor = flags.for ?? flags.as
    if (actor === undefined) throw new LeatError('USAGE', 'whom does the token prove?', {hint: '--for NAME'})
    const {expires: expiresAt} = flags
    printSecret(this.out, await this.bus.createToken({actor, ...(expiresAt !== undefined && {expiresAt})}))
  }

  protected override async openBus(flags: {store?: string; as?: string; for?: string}, create: boolean): Promise<void> {
    if (flags.for !== undefined || flags.as === undefined) return super.openBus(flags, create)
    await super.openBus({...flags, as: undefined}, create)
    if (!(await administers(this.bus.context))) this.bus = createBus({...this.bus.context, actor: flags.as})
  }
}
