/** How leat starts from the one file that scripts/start makes of it: with all that the build knows already. */
import {type Built, BuiltConfig} from './built-config.js'
import {main} from './main.js'

/**
 * Runs one command and ends the process with its exit code.
 * @param root the package's folder
 */
export function start(argv: readonly string[], root: string, built: Built): Promise<never> {
  return main(argv, root, async () => new BuiltConfig(root, built).forOclif)
}
