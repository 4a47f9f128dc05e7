import {LeatCommand} from '../cli/base.js'
import {serveFlags, serveUntil} from '../cli/serving.js'

export default class Serve extends LeatCommand {
  static override summary = 'Let programs in by HTTP, WebSocket and socket; push to subscribers.'
  static override description =
    'Until SIGTERM or Ctrl-C: then streams end, running requests get 5 s, and a second signal ends it at once. It listens on this machine alone, and every request needs a token (leat token create), unless --no-auth. In a pipe it prints one line when it is ready: ready http://127.0.0.1:7428. With --socket its path stands behind that. docs/http.md, docs/sse.md, docs/websocket.md and docs/socket.md show how to use it.'
  static override flags = serveFlags
  static override examples = [
    '<%= config.bin %> serve',
    '<%= config.bin %> serve --port 0 --json | head -n 1 | jq -r .http',
    '<%= config.bin %> serve --host 0.0.0.0 --allow-host bus.example.org --allow-origin https://app.example.org',
    '<%= config.bin %> serve --socket ./leat.sock',
    '<%= config.bin %> serve --no-auth --as web --no-deliver',
  ]
  static override orderly = true

  async run(): Promise<void> {
    const {flags} = await this.parse(Serve)
    const {bus, out, surroundings: around, config, interrupted} = this
    await serveUntil(flags, {bus, out, around, config, interrupted})
  }
}
