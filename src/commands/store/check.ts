import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {checkOf, printCheck, refuseDamage} from '../../cli/storekeeping/checking.js'
import {closedStoreOf} from '../../cli/storekeeping/reach.js'

export default class StoreCheck extends LeatCommand {
  static override summary = 'Look for damage in the store.'
  static override description =
    "SQLite's own check, counters against messages, links, cursors, claims and deliveries; --deep compares every content with its checksum. Changes nothing and holds up nobody, and works on a file that can't be opened as a store. Exit 9 where there is damage. For who administers the store."
  static override store: StoreUse = 'none'
  static override flags = {
    deep: Flags.boolean({description: 'Read every content and every index too.'}),
  }
  static override examples = [
    '<%= config.bin %> store check',
    '<%= config.bin %> store check --deep --json',
    '<%= config.bin %> store check --store backup.db --deep',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(StoreCheck)
    const closed = await closedStoreOf(flags, this.env)
    const open = async () => {
      await this.openBus(flags, false)
      return this.bus
    }
    const checked = await printCheck(this.out, (options) => checkOf(closed, open, options), flags.deep)
    await refuseDamage(checked, closed)
  }
}
