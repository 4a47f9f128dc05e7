/** What came of a fault: what was done how often, and what was lost, as numbers by name. */
export type Figures = Readonly<Record<string, number | string>>

/** Does something to leat by force, throws where a law was broken, and gives its figures. */
export type Fault = () => Promise<Figures>

/** A line of the table in docs/reliability.md. @param seconds that it took */
export function rowOf(name: string, figures: Figures, seconds: number): string {
  const told = Object.entries(figures).map(([what, figure]) => `${wordsOf(what)} ${figure}`)
  return `| ${name} | ${told.join(', ')} | ${seconds.toFixed(0)} s |\n`
}

/** `lostMessages` → "lost messages"; units stay as they are: `largestLogMiB` → "largest log MiB". */
const wordsOf = (key: string): string =>
  key.replaceAll(/MiB$|[A-Z]/g, (found) => ` ${found === 'MiB' ? found : found.toLowerCase()}`)
