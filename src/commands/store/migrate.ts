import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {migrateStore} from '../../cli/storekeeping/migrating.js'
import {closedStoreOf} from '../../cli/storekeeping/reach.js'
import {interruptible} from '../../cli/storekeeping/saving.js'

export default class StoreMigrate extends LeatCommand {
  static override summary = 'Bring a store of an older leat up to date.'
  static override description =
    'Any command does so when it opens the store; this one says it, makes a copy first if it is told to, and with --dry-run only says which version the store has. An older leat refuses the store afterwards. A copy is for who administers the store.'
  static override store: StoreUse = 'none'
  static override flags = {
    'dry-run': Flags.boolean({description: 'Only say which version it has.', exclusive: ['backup']}),
    backup: Flags.string({description: 'Copy the store to this file first, as it is.', helpValue: 'FILE'}),
  }
  static override examples = [
    '<%= config.bin %> store migrate --dry-run',
    '<%= config.bin %> store migrate --backup before.db',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(StoreMigrate)
    const closed = await closedStoreOf(flags, this.env)
    const open = async () => {
      await this.openBus(flags, false)
      return this.bus
    }
    await interruptible((signal) => migrateStore({out: this.out, closed, open, signal}, flags))
  }
}
