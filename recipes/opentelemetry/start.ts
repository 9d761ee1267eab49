/**
 * Starts the site on this machine; spans go to the collector on this machine.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { tracedSite } from './app.ts'
import { telemetry } from './telemetry.ts'

const { OTEL_EXPORTER_OTLP_ENDPOINT = 'http://localhost:4318' } = process.env
const { tracer, stop } = telemetry()
const running = await serve(tracedSite(tracer), { hostname: '127.0.0.1', signals: false, stopTimeoutMs: 2000 })
console.log(`The pilots are in: ${running.url}/pilots/1\nTheir spans go to ${OTEL_EXPORTER_OTLP_ENDPOINT}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The spans of the last requests end as the server stops: only then are they all there to be sent.
  process.once(signal, () => void running.stop().then(stop))
}
