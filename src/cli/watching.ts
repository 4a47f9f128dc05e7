/** Statistics that go on: drawn over again and again at a terminal, lines one below the other elsewhere. */
import type {Statistics} from '../bus/statistics.js'
import {cutTo} from './output/cells.js'
import type {Output} from './output/output.js'
import {watchReader} from './output/reader-gone.js'
import {Screen} from './output/screen.js'
import {printStatistics, statisticsText} from './output/views/statistics.js'

interface Watching {
  out: Output
  /** One channel was named. */
  single: boolean
  signal: AbortSignal
}

/** Shows statistics as they come. @throws whatever ends them */
export async function watching(
  all: (signal: AbortSignal) => AsyncIterable<Statistics>,
  {out, single, signal}: Watching,
): Promise<void> {
  if (out.terminal && !out.json) return onScreen(all(signal), {out, single, signal})
  const reader = watchReader(1)
  try {
    for await (const found of all(AbortSignal.any([signal, reader.signal]))) {
      printStatistics(out, found, single)
      await out.drain()
    }
  } finally {
    reader.stop()
  }
}

async function onScreen(all: AsyncIterable<Statistics>, {out, single, signal}: Watching): Promise<void> {
  const screen = new Screen(process.stdout)
  screen.open(signal)
  try {
    for await (const found of all)
      screen.show((width) => {
        const look = {...out.look, width}
        const foot = out.paint.dim(cutTo(`Ctrl-C ends  ${found.at}`, width))
        return {body: `${statisticsText(found, look, single)}\n`, foot}
      })
  } finally {
    screen.close()
  }
}
