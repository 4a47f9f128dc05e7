#!/usr/bin/env bash
# A tour of leat on a real store in a temporary folder. Each command is printed before its output.
#   npm run demo          plays it
#   leat=leat ./tour.sh   plays it with an installed leat
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
export LEAT_STORE=$room/tour.db LEAT_AS=alice
unset LEAT_READER

# shellcheck disable=SC2086 # leat may be "node path"
leat() { command ${leat:-node "$here/../bin/run.js"} "$@"; }

say() { printf '\n# %s\n' "$*"; }
run() { printf '$ %s\n' "$*"; eval "$*"; }

say 'Two channels. The first makes the store: one SQLite file.'
run 'leat channel create ops --title "Operations"'
run 'leat channel create audit'

say 'Text, JSON and a file; the last to both channels at once.'
run 'leat send ops "deploy of web-1 started"'
run "leat send ops -J '{\"level\": \"error\", \"host\": \"web-1\", \"build\": 12345678901234567890}' --type alert"
run 'printf "step 1 ok\nstep 2 failed\n" > deploy.log'
run 'leat send ops,audit --file deploy.log'

say 'bob reads at his own place: two messages, then what is left, then nothing.'
run 'leat read ops -n 2 --as bob --format "{seq} {sender}: {content:line}"'
run 'leat read ops --as bob --format "{seq} {sender}: {content:line}"'
run 'leat read ops --as bob --format "{seq} {sender}: {content:line}"'

say 'carol has a cursor of her own; JSON comes out as it went in.'
run 'leat read ops --as carol --type alert --reader carol.alerts --json'

say 'dave subscribes, and finds what came since in his inbox.'
run 'leat subscribe ops --as dave'
run 'leat send ops "deploy of web-1 rolled back"'
run 'leat inbox --as dave --format "{channel}/{seq} {sender}: {content}"'

say 'bob answers the alert, alice answers bob; a thread grows.'
run 'leat reply ops/2 -m "on it" --as bob'
run 'leat reply ops/5 -m "thanks"'
run 'leat thread ops/2'

say 'Someone follows in the background, and sees at once what comes.'
run 'leat follow ops --count 1 --format "bob sees {channel}/{seq}: {content}" --as bob 2> ready &'
until grep -q following ready 2> /dev/null; do kill -0 $! || exit 1; sleep 0.1; done
run 'leat send ops "deploy of web-2 started"'
run 'wait'

say 'A service answers requests with a command; the answer is on stdout.'
run 'leat channel create calc'
run 'leat respond calc --count 1 --quiet -- xargs expr &'
run 'leat request calc -m "7 * 6"'
run 'wait'

say 'Work goes to one of a group. What fails is tried again, and what was given up is kept, with the reason.'
run 'leat channel create jobs'
run 'printf "resize a.png\nresize b.png\nexplode\n" | leat send jobs --lines'
printf '#!/bin/sh\nread -r job\ncase $job in resize*) echo "$job: done" ;; *) echo "no such job" >&2; exit 3 ;; esac\n' > do-it
chmod +x do-it
run 'leat work jobs --concurrency 2 --max-attempts 2 --backoff 20ms --until-empty --quiet -- ./do-it || echo "exit $?"'
run 'leat dead show jobs/3 --json'

say 'What is sent is pushed on to subscribers, here to another channel; a webhook, a mail or a command would be as well.'
run 'leat subscribe ops --subscriber mirror --transport channel --endpoint audit'
run 'leat send ops "web-2 is down"'
run 'leat deliver --once'
run 'leat read audit -n 2 --format "{sender}: {content:line} {header.leat-from}"'

say 'What is there, and for whom.'
run 'leat list --as bob'
run 'leat why ops/6 bob'
