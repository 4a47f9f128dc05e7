/** Answers the scripts of `leat completion`, as a process of its own at each TAB: without oclif, and without a trace. */
import type {Bus} from '../../bus/bus.js'
import {type Environment, resolveActor} from '../environment.js'
import {openToLook} from '../open.js'
import {ClosedPipe, writeFully} from '../output/sink.js'
import {readCatalog} from './catalog.js'
import {complete} from './complete.js'
import {isAsking, readAsked} from './shells.js'

/**
 * Prints what a script of `completion` gets: see shells.ts. Whatever is wrong, nothing is printed but an answer.
 * @param words those behind `--complete`: the shell, and what it says
 * @param root  the package's folder
 */
export async function answer([shell = '', ...words]: readonly string[], root: string): Promise<void> {
  if (!isAsking(shell)) return
  const asked = readAsked(shell, words)
  const looking = new Looking(process.env)
  try {
    const {words: before, typed} = asked
    const completion = await complete({catalog: await readCatalog(root), words: before, typed, open: looking.open})
    writeFully(1, Buffer.from(asked.print(completion)))
  } catch (error) {
    // It would stand in the middle of a line that someone types.
    if (!(error instanceof ClosedPipe) && process.env['LEAT_DEBUG'] === '1') throw error
  } finally {
    await looking.close()
  }
}

/** The store, opened at most once and only to look. */
class Looking {
  readonly #env: Environment
  #bus: Bus | undefined

  constructor(env: Environment) {
    this.#env = env
  }

  open = async ({as, store}: {as?: string; store?: string}): Promise<Bus | undefined> => {
    this.#bus ??= await openToLook({store, actor: resolveActor(as, this.#env), env: this.#env})
    return this.#bus
  }

  async close(): Promise<void> {
    await this.#bus?.close()
  }
}
