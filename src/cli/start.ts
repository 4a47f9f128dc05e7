/** How leat starts from the one file that scripts/start makes of it: with all that the build knows already. */
import {packVerbatim} from './argv.js'
import {type Built, BuiltConfig} from './built-config.js'
import {callOf, commandOf} from './dispatch.js'
import {main} from './main.js'

/**
 * Runs one command and ends the process with its exit code.
 * @param root the package's folder
 * @returns only for a command that has to run from the ordinary modules
 */
export async function start(argv: readonly string[], root: string, built: Built): Promise<void> {
  const config = new BuiltConfig(root, built)
  const call = callOf(config.forOclif, packVerbatim(argv))
  const isHelp = call.rest.some((word) => word === '--help' || word === '-h')
  if (!isHelp && config.isElsewhere(commandOf(config.forOclif, call))) return
  await main(argv, root, async () => config.forOclif)
}
