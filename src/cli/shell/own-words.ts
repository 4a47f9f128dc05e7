/** The words that are the shell's own. */
export interface OwnWord {
  name: string
  summary: string
}

export const OWN_WORDS: readonly OwnWord[] = [
  {name: 'use', summary: 'Take a channel: it is meant where none is named. Without one: none.'},
  {name: 'as', summary: 'Act as somebody else. Without a name: as before.'},
  {name: 'history', summary: 'What was typed, the newest last.'},
  {name: 'exit', summary: 'End the shell (quit, Ctrl-D).'},
  {name: 'quit', summary: 'End the shell (exit, Ctrl-D).'},
]
