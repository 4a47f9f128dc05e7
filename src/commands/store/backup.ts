import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {checkFile, saveStore} from '../../cli/storekeeping/saving.js'

export default class StoreBackup extends LeatCommand {
  static override summary = 'Copy the whole store to a file, while others use it.'
  static override description =
    'The copy is of one moment, and a store by itself: leat store restore puts it back. It is for you alone (0600), for it has everything in it: hidden and direct messages, secrets, hashes of tokens. For who administers the store.'
  static override args = {file: word('The file to write.')}
  static override flags = {
    verify: Flags.boolean({description: 'Read the copy back, every content of it.'}),
    yes: Flags.boolean({char: 'y', description: 'Take the place of a file that is there.'}),
  }
  static override examples = [
    '<%= config.bin %> store backup backup.db',
    '<%= config.bin %> store backup "leat-$(date +%F).db" --verify',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(StoreBackup)
    checkFile(args.file, 'write')
    const {verify, yes: replace} = flags
    await saveStore(this.out, this.bus, args.file, {verify, replace, signal: this.interrupted})
  }
}
