/** Deliveries that are ended early. */
import {notDelivered, type TransportResult} from './transport.js'

/** The deliverer stops: that was no attempt. */
export const stopped = (): TransportResult => notDelivered('stopped before it was delivered', {failure: 'unreached'})

/** What a delivery comes to, or that it was stopped: then nobody waits for it any more, and none is begun. */
export async function unlessStopped(
  signal: AbortSignal,
  deliver: () => Promise<TransportResult>,
): Promise<TransportResult> {
  if (signal.aborted) return stopped()
  let stop = (): void => {}
  const stopping = new Promise<TransportResult>((resolve) => {
    stop = () => resolve(stopped())
    signal.addEventListener('abort', stop, {once: true})
  })
  try {
    return await Promise.race([deliver(), stopping])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
