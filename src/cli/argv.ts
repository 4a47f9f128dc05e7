/**
 * What has to happen to the words of a command line before oclif sees them. oclif takes a value that begins with a dash
 * for a flag and drops `--`. So what is to be taken as it is gets a NUL in front, which no real argument can have:
 *
 *   -m TEXT, --message TEXT   →  --message=␀TEXT
 *   --name=-VALUE             →  --name=␀-VALUE
 *   -- WORD...                →  --rest=␀["WORD",…]
 *
 * `unpack` takes it off again, in the one place through which every flag's value goes (base.ts).
 */
const VERBATIM = '\0'

/** Packs verbatim values. A second `-m` is left for the flag's own "only once". */
export function packVerbatim(argv: readonly string[]): string[] {
  const packed: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string
    if (word === '--') return [...packed, `--rest=${VERBATIM}${JSON.stringify(argv.slice(at + 1))}`]
    const cluster = /^-([qyJ0]+)m$/.exec(word)
    if (cluster) packed.push(`-${cluster[1]}`)
    if (word === '-m' || word === '--message' || cluster) {
      // Without a value the bare flag goes on, and oclif says that it expects one.
      packed.push(at + 1 < argv.length ? `--message=${VERBATIM}${argv[++at]}` : '--message')
    } else if (/^-m./s.test(word)) packed.push(`--message=${VERBATIM}${word.slice(2)}`)
    else packed.push(packValue(word))
  }
  return packed
}

/** `--message=` takes anything; of other flags only what oclif would take for a flag is packed, or `unpack` for packed. */
const packValue = (word: string): string =>
  word.replace(/^(--message=)|^(--[a-z][\w-]*=)(?=[-\0])/s, (start) => start + VERBATIM)

/** The value as it was typed. */
export const unpack = (value: string): string => (value.startsWith(VERBATIM) ? value.slice(VERBATIM.length) : value)

/** Flags that may stand in front of the command and between its words, and whether they take a value. */
const GLOBAL_FLAGS: Readonly<Record<string, boolean>> = {
  '--store': true,
  '--as': true,
  '--context': true,
  '--color': true,
  '--json': false,
  '--quiet': false,
  '-q': false,
  '--no-input': false,
}

/** A command line taken apart. */
export interface Call {
  /** The words that name a command or a topic; none when the first word is neither. */
  name: string[]
  /** Global flags that stood in front of or between them. */
  globals: string[]
  /** All that follows. */
  rest: string[]
}

/** Finds the longest run of leading words that is a command or a topic. @param exists whether an id (`channel:list`) is one */
export function splitCall(argv: readonly string[], exists: (id: string) => boolean): Call {
  const name: string[] = []
  const globals: string[] = []
  for (let at = 0; at < argv.length; ) {
    const word = argv[at] as string
    const width = widthOfGlobal(word)
    if (width > 0) globals.push(...argv.slice(at, at + width))
    else if (!word.startsWith('-') && exists([...name, word].join(':'))) name.push(word)
    else return {name, globals, rest: argv.slice(at)}
    at += Math.max(width, 1)
  }
  return {name, globals, rest: []}
}

/** How many words a global flag takes; 0 when it isn't one. */
function widthOfGlobal(word: string): number {
  const [flag = ''] = word.split('=', 1)
  if (!Object.hasOwn(GLOBAL_FLAGS, flag)) return 0
  return GLOBAL_FLAGS[flag] && flag === word ? 2 : 1
}
