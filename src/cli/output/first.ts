import type {Output, View} from './output.js'

/** Rows for people. */
const MOST = 50

/** As a table for people, the first of them where there are many; else one by one, so that no more than a page is in memory. */
export async function printFirst<T>(
  out: Output,
  rows: AsyncIterable<T>,
  view: View<T>,
  {limit, empty}: {limit?: number | undefined; empty: string},
): Promise<void> {
  if (out.json || !out.terminal) {
    await out.each(first(rows, limit), view)
    return
  }
  const shown = []
  for await (const row of first(rows, (limit ?? MOST) + 1)) shown.push(row)
  const isCut = limit === undefined && shown.length > MOST
  await out.records(shown.slice(0, limit ?? MOST), view, empty)
  if (isCut) out.note(`the first ${MOST}; -n shows more`)
}

async function* first<T>(all: AsyncIterable<T>, limit = Infinity): AsyncGenerator<T> {
  let count = 0
  for await (const one of all) {
    yield one
    if (++count >= limit) return
  }
}
