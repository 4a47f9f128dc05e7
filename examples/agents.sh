#!/usr/bin/env bash
# Two agents talk in a channel: one hands out tasks and waits for answers, the other answers in the thread of each task.
#   leat=leat ./agents.sh   with an installed leat
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$room"' EXIT
printf '#!/bin/sh\nexec %s "$@"\n' "${leat:-node "$here/../bin/run.js"}" > "$room/leat"
chmod +x "$room/leat"
export PATH=$room:$PATH LEAT_STORE=$room/agents.db
unset LEAT_READER

LEAT_AS=planner leat channel create team > /dev/null

# The builder: for each task this script runs, with the task in its environment. A real agent would think here.
cat > "$room/build" <<'SCRIPT'
#!/bin/sh
leat reply "$LEAT_MSG_REF" -m "done: $LEAT_MSG_CONTENT"
SCRIPT
chmod +x "$room/build"

# It follows the channel until the planner ends it. It acts as itself in all that it runs.
LEAT_AS=builder leat follow team --from start --type task -- "$room/build" > /dev/null &
builder=$!

# The planner: sends a task, waits for what others answer, and has the last word in the thread.
export LEAT_AS=planner
for task in 'write the docs' 'run the tests'; do
  leat send team --type task -m "$task" > "$room/task"
  answer=$(leat read team --reader planner.answers --others --wait 30s -n 1 --json)
  echo "$answer" | sed -E 's/.*"content":"([^"]*)".*/builder says \1/'
  leat reply "$(cat "$room/task")" -m 'thanks' > /dev/null
done

# The end of the channel ends everyone who follows it.
leat channel close team --notify-end
wait "$builder" && echo 'the builder has gone home'

leat thread "$(cat "$room/task")"
