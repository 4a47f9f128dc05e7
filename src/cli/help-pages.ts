/** Help on what spans commands. Plain text; a test runs every snippet of `scripting`. */
import {EXIT_CODES} from '../model/errors.js'

export interface HelpPage {
  name: string
  text: string
}

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'done; an empty list is done',
  1: 'a bug in leat',
  2: 'wrong usage or invalid input',
  3: 'not found',
  4: 'nothing came: a wait or a timeout ran out, nothing to claim, or --fail-empty',
  5: 'not allowed',
  6: 'conflict',
  7: 'done in part: bad lines, failed deliveries, or work --until-empty with dead letters',
  8: 'the other side failed: a command behind --, a reply that is an error',
  9: 'store unavailable, or damaged',
  130: 'ended by SIGINT (Ctrl-C), after cleaning up',
  143: 'ended by SIGTERM, after cleaning up; work, respond and deliver end with 0',
}

function exitCodes(): string {
  const lines = Object.entries(MEANINGS).map(([code, meaning]) => {
    const names = Object.entries(EXIT_CODES).filter(([, exitCode]) => String(exitCode) === code)
    const line = `${code.padStart(3)}  ${meaning}`
    return names.length === 0 ? line : `${line}\n     ${names.map(([name]) => name).join(', ')}`
  })
  return `EXIT CODES

The same with and without --json. In capitals: the codes of errors, as --json shows them on stderr:

    {"error":{"code":"NOT_FOUND","message":"no channel \\"ops\\" in …","hint":"leat channel create ops"}}

${lines.join('\n')}

A closed pipe (leat log --all | head -1) ends quietly with 0.`
}

const ENVIRONMENT = `ENVIRONMENT

What leat looks at. A flag wins over its variable, that over the context, that over the configuration file; in
parentheses the flag, and the key of context and file. leat config list shows what is in force, and what says so.

  LEAT_STORE       the store, a path (--store, store); else $XDG_DATA_HOME/leat/leat.db, else ~/.local/share/leat/leat.db
  LEAT_AS          who acts (--as, actor); else your user name
  LEAT_READER      whose cursor read and inbox move (--reader, reader); else the actor's own
  LEAT_CONTEXT     the context (--context); else the current one of leat context use
  LEAT_EDITOR      the editor of --edit (editor); else VISUAL, EDITOR or vi
  LEAT_SMTP_URL    the mail server of the transport email (smtp.url): smtps://user:password@mail.example.org
  LEAT_SMTP_FROM   the sender of its mails (smtp.from); else leat@ this host
  LEAT_DEBUG=1     adds the stack to an error; starts slower
  XDG_DATA_HOME    where the default store is; must be an absolute path
  XDG_CONFIG_HOME  where leat/config.json is, else in ~/.config; must be an absolute path
  XDG_CACHE_HOME   where what makes a start fast is kept, if leat's own folder can't be written; else ~/.cache
  XDG_STATE_HOME   where leat/history of the shell is, else in ~/.local/state; must be an absolute path
  CI               set: never ask (--no-input, prompts)
  NO_COLOR         set: no colours. FORCE_COLOR set: colours in a pipe too. TERM=dumb: none (--color, color)

What a command behind -- finds, one run for each message; the content is on its stdin:

  LEAT_MSG_ID, LEAT_MSG_REF        the id; the place, like ops/42
  LEAT_MSG_CHANNEL, LEAT_MSG_SEQ   its two parts
  LEAT_MSG_SENDER, LEAT_MSG_RECIPIENT, LEAT_MSG_TYPE, LEAT_MSG_TIME
  LEAT_MSG_THREAD, LEAT_MSG_REPLY_TO, LEAT_MSG_CONVERSATION
  LEAT_MSG_CORRELATION_ID, LEAT_MSG_REPLY_CHANNEL
  LEAT_MSG_CONTENT_TYPE            text/plain, application/json, …
  LEAT_MSG_CONTENT                 the content, if it is text of 64 KiB or less
  LEAT_MSG_HEADERS                 the headers, a JSON object
  LEAT_STORE, LEAT_AS              those in force, so that leat reply "$LEAT_MSG_REF" works
  LEAT_CLAIM, LEAT_MSG_ATTEMPT     of work: the token of the claim; 1 for the first attempt, 2 for the second
  LEAT_DELIVERY_ID                 of the transport exec, with LEAT_MSG_ATTEMPT: the same at each attempt

What a message doesn't have is not set. LEAT_SMTP_URL and other secrets of leat are kept from commands.`

const SCRIPTING = `SCRIPTING

In a pipe leat prints one record a line, TAB between fields, nothing cut: tab, newline, backslash and control
characters in content are written \\t \\n \\\\ \\x1b. --json prints an object a line, --format what you say.

Send any text: -m takes what follows as it is, whatever it begins with.

    status="-5 °C, 100% sure"
    leat send ops -m "$status"

Send what a command prints; --chomp drops the last newline. Keep the id, and answer.

    id=$(echo "deploy to web-1?" | leat send ops --chomp)
    leat reply "$id" -m "go ahead"

Once a day, however often it runs: the same key and content is stored once.

    leat send ops -m "backup done" --key "backup-$(date +%F)"

JSON goes in with -J and comes out as it went in.

    leat send ops -J '{"level": "error", "build": 12345678901234567890}' --type alert
    leat log ops --type alert --format '{sender}: {content.level} in {content.build}'

Handle each message once: a command for each, the content on its stdin. Where it fails, read stops with exit 8, and
the next run begins with that message again.

    leat read ops --all --reader handler -- sh -c 'echo "$LEAT_MSG_REF by $LEAT_MSG_SENDER: $(cat)"'

The same in a loop of your own: finish each message yourself.

    leat read ops --all --reader loop --no-commit --format '{channel}/{seq}\\t{content:line}' |
      while IFS=$'\\t' read -r place text; do
        echo "doing: $text"
        leat cursor commit "$place" --reader loop
      done

Is there something new? --fail-empty exits 4 when there isn't.

    if leat read ops --peek --fail-empty >/dev/null; then
      echo "ops has news"
    fi

Wait for the next message; exit 4 when none comes in time.

    leat read ops --reader waiter --limit 1 --wait 10s --format '{content:line}'

Take what arrives, as it arrives: without --count until the script is stopped. With -- CMD a command runs for each.

    leat follow ops --quiet --from start --count 2 --format '{content:line}'

Answer requests with a command, and ask: the answer is on stdout. An error reply is exit 8, no answer in time exit 4.

    leat channel create shout --quiet
    leat respond shout --quiet --count 1 -- tr a-z A-Z &
    leat request shout -m "hello" --timeout 20s
    wait

Hand out work until nothing is left. What fails is tried again; what was given up in the end makes it exit 7.

    leat channel create jobs --quiet
    printf 'one\\ntwo\\n' | leat send jobs --lines --quiet
    leat work jobs --until-empty -- sh -c 'echo "working on $(cat)"'

Push what arrives to a command: each message at least once, in order, and again later if the command failed.

    leat subscribe ops --subscriber notify --from start --transport exec --endpoint 'cat >> notified; echo >> notified'
    leat deliver --once --quiet
    head -n 1 notified

Let other programs in for as long as they need it: the ready line says where. Tokens prove who comes.

    token=$(leat token create --for web-1 --expires 1h --quiet)
    leat serve --port 0 > ready & trap "kill $!" EXIT
    until grep -qs '^ready' ready; do kill -0 $! || exit 1; sleep 0.1; done
    echo "header = \\"authorization: Bearer $token\\"" | curl -fsS -K - "$(cut -d ' ' -f 2 ready)/v1/whoami"

Tell errors apart by exit code.

    leat read nowhere >/dev/null 2>&1 || case $? in
      3) echo "no such channel" ;;
      5) echo "not allowed" ;;
      *) echo "failed" ;;
    esac

Find messages: by words, by JSON fields.

    leat search 'deploy* -test' --since 1h --limit 1 --format '{content:line}'
    leat log ops --where level=error --where 'build>100' --format '{seq}: {content.build}'

Save the store while others use it, and see that it is whole: damage is exit 9. Keep messages as text beside it.

    leat store backup "leat-$(date +%F).db" --yes --verify --quiet
    leat store check --quiet
    leat export --output "leat-$(date +%F).jsonl" --quiet

Copy messages, with jq in between if you like.

    leat log ops --all --json | leat send archive --create --jsonl

Run many commands in one process. It stops at the first that fails, with its exit code.

    printf 'use ops\\nsend -m "hello"\\nlog -n 1\\n' | leat shell

TEMPLATES (--format)

  {seq} {id} {short} {channel} {sender} {type} {time} {recipient} {thread} {replyTo} {references} {key}
  {conversation} {correlationId} {replyChannel} {contentType} {expiresAt} {sentAt} {redactedAt} {redactedBy}
  {content} {content:line} {content:json} {content.a.b} {header.NAME}   \\t \\n \\0 \\\\   {{ and }} for braces`

export const PAGES: readonly HelpPage[] = [
  {name: 'exit-codes', text: exitCodes()},
  {name: 'environment', text: ENVIRONMENT},
  {name: 'scripting', text: SCRIPTING},
]
