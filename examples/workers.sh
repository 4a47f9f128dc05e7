#!/usr/bin/env bash
# A pool of workers over a list of files: each file goes to one of them, results stream into a channel.
#   leat=leat ./workers.sh   with an installed leat
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
printf '#!/bin/sh\nexec %s "$@"\n' "${leat:-node "$here/../bin/run.js"}" > "$room/leat"
chmod +x "$room/leat"
export PATH=$room:$PATH LEAT_STORE=$room/work.db LEAT_AS=alice
cd "$room"

for n in 1 2 3 4 5 6; do seq "$n" > "chapter-$n.txt"; done

# The list becomes messages: one a line. One of the files isn't there.
leat channel create files > /dev/null
leat channel create counts > /dev/null
printf '%s\n' chapter-*.txt missing.txt | leat send files --lines --quiet

# Three at once, until nothing is left. The name of a file is on stdin; what is printed is sent on to `counts`.
# What fails is tried again, here once, and then kept as a dead letter: exit 7.
leat work files --concurrency 3 --max-attempts 2 --backoff 10ms --until-empty --into counts -- xargs wc -l ||
  echo "exit $?: not all could be done"

# The results, in the order in which they came.
echo 'results:'
leat read counts --all --format '{content}'

# What was given up, and once more, when the file is there.
echo 'given up:'
leat dead list files
seq 7 > missing.txt
leat dead redrive files/7
leat work files --until-empty --into counts -- xargs wc -l
leat read counts --format '{content}'
