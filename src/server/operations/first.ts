/** The first so many of what may be without end, and whether that was all. */
export async function firstOf<T>(items: AsyncIterable<T>, limit: number): Promise<{items: T[]; end: boolean}> {
  const found: T[] = []
  for await (const item of items) {
    if (found.length === limit) return {items: found, end: false}
    found.push(item)
  }
  return {items: found, end: true}
}
