/** What the prompt asks of the shell behind it. */
export interface LineCandidate {
  /** As it stands in the line, quoted, with a space behind it if the word ends there. */
  text: string
  shown: string
  description?: string
}

export interface LineCompletion {
  /** What is there of the word, quotes and all: what a candidate is put in place of. */
  typed: string
  candidates: readonly LineCandidate[]
}

export interface Shell {
  /** `ops as alice`, from now on. */
  prompt(): string
  /** Whether more lines belong to what was typed. */
  isOpen(text: string): boolean
  /** Runs it. Returns whether the shell is to end. Never rejects. @param unasked more lines wait: nobody is to be asked */
  run(text: string, unasked: boolean): Promise<boolean>
  complete(text: string): Promise<LineCompletion>
  /** Lines that were typed before, the oldest first. */
  readonly history: {readonly lines: readonly string[]; add(line: string): void}
}
