// Publishes one message and waits until the server says that it has it: node nats-publish.js PORT SUBJECT TEXT
import {jetstream} from '@nats-io/jetstream'
import {connect} from '@nats-io/transport-node'

const [port, subject, text] = process.argv.slice(2)
const connection = await connect({port: Number(port)})
await jetstream(connection).publish(subject, text)
await connection.close()
