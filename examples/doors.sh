#!/usr/bin/env bash
# Other programs come in by HTTP and by a socket, one follows a stream, and a webhook is pushed what was sent.
#   leat=leat ./doors.sh   with an installed leat; needs curl
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$room"' EXIT
printf '#!/bin/sh\nexec %s "$@"\n' "${leat:-node "$here/../bin/run.js"}" > "$room/leat"
chmod +x "$room/leat"
export PATH=$room:$PATH LEAT_STORE=$room/doors.db LEAT_AS=alice no_proxy=127.0.0.1
unset LEAT_READER
cd "$room"
umask 077

# until_there TEXT FILE PID: waits until a file has a text, as long as the process runs that writes it.
until_there() { until grep -qs "$1" "$2"; do kill -0 "$3" || exit 1; sleep 0.1; done; }

leat channel create ops > /dev/null

# A token proves who comes in. curl takes it from a file, so that no list of processes shows it.
printf 'authorization: Bearer %s\n' "$(leat token create --for web-1)" > web-1.header

# The server: any port that is free, and a socket for this user. One line says that it is ready, and where.
leat serve --port 0 --socket leat.sock > ready 2> serve.log &
server=$!
until_there '^ready' ready "$server"
url=$(cut -d ' ' -f 2 ready)

# A webhook: what is sent to ops is pushed to it, signed, and once more if it doesn't answer.
cat > hook.mjs <<'SCRIPT'
import {createServer} from 'node:http'

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const {channel, seq, sender, content} = JSON.parse(body)
  console.log(`the webhook got ${channel}/${seq} of ${sender}: ${content}`)
  response.writeHead(204).end()
})
server.listen(0, '127.0.0.1', () => console.error(`http://127.0.0.1:${server.address().port}/hook`))
SCRIPT
node hook.mjs > hook.log 2> hook.url &
hook=$!
until_there http hook.url "$hook"
# Of messages alone: the end of the channel is nothing for a pager.
leat subscribe ops --subscriber pager --type message --transport http --endpoint "$(cat hook.url)" --allow-private

# A stream of what arrives, as a browser's EventSource would read it.
curl -fsSN -H @web-1.header "$url/v1/channels/ops/stream" > stream &
stream=$!
until_there leat.open stream "$stream"

# Three ways to send: over HTTP as web-1, over the socket as alice, and at the command line, which waits for the webhook.
json='content-type: application/json'
curl -fsS -H @web-1.header -H "$json" -d '{"content": "by HTTP"}' "$url/v1/channels/ops/messages" > /dev/null
curl -fsS --unix-socket leat.sock -H "$json" -d '{"content": "by the socket"}' http://localhost/v1/channels/ops/messages > /dev/null
leat send ops -m 'by the command line' --wait-delivery 30s 2>&1 > /dev/null # what it waited for is told on stderr

# Without a token nobody comes in.
echo "without a token: HTTP $(curl -s -o answer -w '%{http_code}' "$url/v1/channels")"

# The end of the channel ends the stream.
leat channel close ops --notify-end
wait "$stream"
grep -o '"sender":"[^"]*"\|"content":"[^"]*"' stream | paste -d ' ' - - | sed 's/^/the stream had /'
cat hook.log

# When it is told to stop, the server finishes what it has begun.
kill "$server"
wait "$server" && echo 'the server has stopped'
