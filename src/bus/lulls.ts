/** Milliseconds after which a source that gave nothing is taken to have nothing for now. */
const LULL = 100

/**
 * What a source gives, and a call of `onLull` whenever nothing more comes for now. What goes wrong there is thrown when the
 * source goes on, or is over.
 */
export async function* withLulls<T>(source: AsyncIterable<T>, onLull: () => Promise<void>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = iterator.next()
      const failure = (await isLate(next)) ? await failureOf(onLull) : undefined
      const {done, value} = await next
      if (failure) throw failure.error
      if (done === true) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

/** Whether nothing has come when it is a lull; what goes wrong is for who waits for it. */
async function isLate(next: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const lull = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, LULL, true)
  })
  const come = (): boolean => false
  try {
    return await Promise.race([next.then(come, come), lull])
  } finally {
    clearTimeout(timer)
  }
}

async function failureOf(work: () => Promise<void>): Promise<{error: unknown} | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return {error}
  }
}
