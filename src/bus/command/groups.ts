/**
 * Commands that are running, each the leader of a process group of its own, so that whatever a command has started can be
 * ended with it.
 */
export class ProcessGroups {
  readonly #leaders = new Set<number>()

  add(leader: number): void {
    this.#leaders.add(leader)
  }

  remove(leader: number): void {
    this.#leaders.delete(leader)
  }

  /** Sends a signal to every process of every group. */
  kill(signal: NodeJS.Signals): void {
    for (const leader of this.#leaders) signalGroup(leader, signal)
  }
}

/** Sends a signal to every process of a group, or with 0 none. Returns whether there is anyone left in it. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal)
  } catch (error) {
    // Some systems say EPERM of a group that has only ended processes.
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
