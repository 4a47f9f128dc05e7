/** From what a terminal sends to keys. */

/** A key by its name (`up`, `enter`, `ctrl-c`), a character that was typed, or a text that was pasted. */
export type Key = {name: string} | {char: string} | {paste: string}

const PASTE_BEGIN = '\x1b[200~'
const PASTE_END = '\x1b[201~'

/** What a paste keeps at most: nobody sends more of it in a line. */
const PASTE_LIMIT = 1024 * 1024

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
}

/** What stands behind `ESC [` or `ESC O`, without modifiers. */
const SEQUENCES: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
  '1~': 'home',
  '3~': 'delete',
  '4~': 'end',
  '5~': 'pageup',
  '6~': 'pagedown',
  '7~': 'home',
  '8~': 'end',
}

/** A whole sequence, or one that may still become whole. */
const CSI = /^\x1b\[([\x30-\x3f]*)([\x20-\x2f]*)([\x40-\x7e])/
const CSI_BEGUN = /^\x1b(\[[\x30-\x3f]*[\x20-\x2f]*|O)?$/
const SS3 = /^\x1bO([\x40-\x7e])/

/** Takes input as it comes, in pieces that may end anywhere. */
export class KeyDecoder {
  #rest = ''
  #pasted: string | undefined

  push(input: string): Key[] {
    this.#rest += input
    const keys: Key[] = []
    while (this.#rest !== '' && this.#step(keys));
    return keys
  }

  /** A sequence has begun and not ended: it is the Escape key, if nothing comes soon. */
  get isWaiting(): boolean {
    return this.#rest !== '' && this.#pasted === undefined
  }

  /** Nothing came: what is there is what was meant. */
  flush(): Key[] {
    if (!this.isWaiting) return []
    const rest = this.#rest.slice(1)
    this.#rest = ''
    return [{name: 'escape'}, ...this.push(rest)]
  }

  /** Takes one key from what is there. Whether there was a whole one. */
  #step(keys: Key[]): boolean {
    if (this.#pasted !== undefined) return this.#paste(keys)
    if (this.#rest.startsWith('\x1b')) return this.#sequence(keys)
    const char = String.fromCodePoint(this.#rest.codePointAt(0) as number)
    this.#rest = this.#rest.slice(char.length)
    const key = keyOf(char)
    if (key) keys.push(key)
    return true
  }

  #sequence(keys: Key[]): boolean {
    if (this.#rest.startsWith(PASTE_BEGIN)) {
      this.#rest = this.#rest.slice(PASTE_BEGIN.length)
      this.#pasted = ''
      return this.#paste(keys)
    }
    if (CSI_BEGUN.test(this.#rest)) return false
    const [whole = '', parameters = '', , final = ''] = CSI.exec(this.#rest) ?? []
    const [plain = '', letter = ''] = SS3.exec(this.#rest) ?? []
    if (whole === '' && plain === '') {
      // Escape, and another key behind it.
      this.#rest = this.#rest.slice(1)
      keys.push({name: 'escape'})
      return true
    }
    this.#rest = this.#rest.slice((whole || plain).length)
    // Modifiers are passed over: Shift with an arrow is the arrow.
    const code = final === '~' ? `${parameters.split(';')[0]}~` : final || letter
    const name = letter === 'M' ? 'enter' : SEQUENCES[code]
    if (name !== undefined) keys.push({name})
    return true
  }

  /** Takes from a paste what is there of it. */
  #paste(keys: Key[]): boolean {
    const end = this.#rest.indexOf(PASTE_END)
    // The end may have come in part.
    const taken = end >= 0 ? end : Math.max(0, this.#rest.length - PASTE_END.length)
    this.#pasted = ((this.#pasted ?? '') + this.#rest.slice(0, taken)).slice(0, PASTE_LIMIT)
    this.#rest = this.#rest.slice(end >= 0 ? end + PASTE_END.length : taken)
    if (end < 0) return false
    keys.push({paste: this.#pasted})
    this.#pasted = undefined
    return true
  }
}

function keyOf(char: string): Key | undefined {
  const name = CONTROLS[char]
  if (name !== undefined) return {name}
  const code = char.codePointAt(0) as number
  if (code >= 1 && code <= 26) return {name: `ctrl-${String.fromCharCode(96 + code)}`}
  return code < 0x20 || (code >= 0x80 && code < 0xa0) ? undefined : {char}
}
