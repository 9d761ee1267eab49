/**
 * The SDK: where spans go, and what they say of this process.
 *
 * @module
 */
import { diag, DiagConsoleLogger, DiagLogLevel, trace, type Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

export interface Telemetry {
  readonly tracer: Tracer
  /** Sends what is left. */
  stop(): Promise<void>
}

/**
 * Starts the SDK, for the whole process.
 *
 * @param url of the collector's OTLP receiver; left out, the SDK reads `OTEL_EXPORTER_OTLP_ENDPOINT`, or takes
 *   `http://localhost:4318/v1/traces`
 */
export function telemetry(url?: string): Telemetry {
  // Else nobody hears that there is no collector.
  diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN)
  const exporter = new OTLPTraceExporter(url === undefined ? {} : { url })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'pilots' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  // Makes spans find their parents across awaits, and reads and writes `traceparent`.
  provider.register()
  return { tracer: trace.getTracer('site'), stop: () => provider.shutdown() }
}
