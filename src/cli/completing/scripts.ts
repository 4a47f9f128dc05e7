/** What `leat completion` prints: each shell asks leat at every TAB, and puts the answer in by its own means. */
import {ASK_COMPLETION} from './asked.js'
import type {Asking} from './shells.js'

// Without -o nosort the candidates would stand by the alphabet, not the newest first; bash has it from 4.4 on. Where a file
// is to be named, nothing is answered and bash's own completion of files goes on.
const BASH = `# bash completion of leat. In ~/.bashrc: source <(leat completion bash)
_leat() {
  local answer kind line
  COMPREPLY=()
  answer="$(command leat ${ASK_COMPLETION} bash "\${COMP_LINE:0:COMP_POINT}" "$2" "$COMP_TYPE" 2>/dev/null </dev/null)"
  {
    IFS= read -r kind
    while IFS= read -r line; do COMPREPLY+=("$line"); done
  } <<< "$answer"
  if [[ $kind == files* ]]; then compopt -o default -o bashdefault 2>/dev/null; fi
}
complete -o nosort -F _leat leat 2>/dev/null || complete -F _leat leat
`

const ZSH = `#compdef leat
# zsh completion of leat. In ~/.zshrc: source <(leat completion zsh)
_leat() {
  local -a answer values shown
  local line
  answer=("\${(@f)$(command leat ${ASK_COMPLETION} zsh "\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  if [[ $answer[1] == files* ]]; then
    compset -P "\${(b)answer[1]#files }"
    _files
    return
  fi
  for line in "\${(@)answer[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line#*$'\\t'}")
  done
  (( $#values )) || return 1
  compadd -V leat -l -d shown -a values
}
if [[ $funcstack[1] == _leat ]]; then
  _leat "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _leat leat
fi
`

const FISH = `# fish completion of leat. In ~/.config/fish/config.fish: leat completion fish | source
function __leat_complete
  set -l typed (commandline -ct | string collect)
  set -l word (string replace -r '^["\\']' '' -- $typed | string collect)
  set -l answer (command leat ${ASK_COMPLETION} fish (commandline -opc) "$word" 2>/dev/null </dev/null)
  if string match -q 'files *' -- $answer[1]
    set -l start (string replace -r '^files ' '' -- $answer[1] | string collect)
    set -l path (string sub -s (math 1 + (string length -- "$start")) -- "$word" | string collect)
    for file in (__fish_complete_path "$path")
      echo -- $start$file
    end
  else if test (count $answer) -gt 1
    printf '%s\\n' $answer[2..-1]
  end
end
complete -c leat -f -k -a '(__leat_complete)'
`

export const SCRIPTS: Readonly<Record<Asking, string>> = {bash: BASH, fish: FISH, zsh: ZSH}
