#!/usr/bin/env bash
# A service in one line of shell: it answers requests, and errors arrive as errors.
#   leat=leat ./rpc.sh   with an installed leat
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$room"' EXIT
printf '#!/bin/sh\nexec %s "$@"\n' "${leat:-node "$here/../bin/run.js"}" > "$room/leat"
chmod +x "$room/leat"
export PATH=$room:$PATH LEAT_STORE=$room/rpc.db LEAT_AS=alice

leat channel create calc > /dev/null

# The service: for each request a command runs. The question is on its stdin, its stdout is the answer.
LEAT_AS=calculator leat respond calc --concurrency 2 --quiet -- xargs expr &
service=$!

# Asking waits for the answer and prints it.
answer=$(leat request calc -m '7 * 6')
echo "7 * 6 = $answer"

# Any number at once: each gets its own.
for n in 1 2 3; do
  leat request calc -m "$n + 100" > "$room/answer.$n" &
  asked+=($!)
done
wait "${asked[@]}"
echo "at once: $(cat "$room"/answer.? | tr '\n' ' ')"

# A command that fails is an error reply: exit 8, with the end of its stderr.
leat request calc -m '7 /' 2> "$room/error" || echo "exit $?: $(cat "$room/error")"

# When it is told to stop, a service finishes what it has begun.
kill "$service"
wait "$service" && echo 'the service has stopped'

# Nobody is there any more: exit 4.
leat request calc -m '1 + 1' --timeout 200ms 2> "$room/error" || echo "exit $?: $(cat "$room/error")"
