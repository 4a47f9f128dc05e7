import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {word, yes} from '../../cli/flags.js'
import {addressOf, isThere} from '../../cli/open.js'
import {closedStoreOf, openIfUsable} from '../../cli/storekeeping/reach.js'
import {checkFile, interruptible, restoreStore} from '../../cli/storekeeping/saving.js'

export default class StoreRestore extends LeatCommand {
  static override summary = 'Put a backup in the place of everything that is in the store.'
  static override description =
    'All or nothing, while others have the store open: they are told (exit 6), and claims of before count no more. Numbers of messages never fall. What is there now is kept beside the store. Asks first; --yes where nobody can be asked. For who administers the store; makes one that is missing or damaged anew.'
  static override store: StoreUse = 'none'
  static override args = {file: word('The backup.')}
  static override flags = {
    'dry-run': Flags.boolean({description: 'Only say what would be lost and what would come back.'}),
    'safety-copy': Flags.boolean({
      description: 'Keep what is there now beside the store. --no-safety-copy: only the backup is left.',
      default: true,
      allowNo: true,
    }),
    yes,
  }
  static override examples = [
    '<%= config.bin %> store restore backup.db --dry-run',
    '<%= config.bin %> store restore backup.db',
    '<%= config.bin %> store restore backup.db --store ./copy.db --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(StoreRestore)
    checkFile(args.file, 'read')
    const open = async () => {
      await this.openBus(flags, false)
      return this.bus
    }
    const bus = isThere(addressOf(flags.store, this.env)) ? await openIfUsable(open) : undefined
    const store = bus ?? (await closedStoreOf(flags, this.env, {makes: true}))
    const {out, interactive} = this
    await interruptible((signal) => restoreStore({out, interactive, signal}, store, args.file, flags))
  }
}
