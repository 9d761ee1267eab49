/**
 * Two wrappers that make spans: one for the whole request, and one for any layer of it.
 *
 * @module
 */
import {
  context as active,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import { after, isPromise, pathOf, type App, type Context, type Finished, type Wrapper } from '@outerware/core'

/**
 * Wraps an app in the span of a server: it continues the trace of the caller (`traceparent`), and ends after the last
 * byte, however that came about.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function traced(tracer: Tracer): Wrapper {
  return (app) => (request, context) => {
    const caller = propagation.extract(active.active(), request.headers, {
      get: (headers, name) => headers.get(name) ?? undefined,
      keys: (headers) => [...headers.keys()],
    })
    const options = { kind: SpanKind.SERVER, attributes: attributesOf(request, context) }
    return tracer.startActiveSpan(request.method, options, caller, (span) => {
      context.onFinish((finished) => finish(span, finished))
      return app(request, context)
    })
  }
}

function attributesOf(request: Request, { ip }: Context): Attributes {
  return {
    'http.request.method': request.method,
    'url.scheme': request.url.slice(0, request.url.indexOf(':')),
    // Without its query: that is where secrets are.
    'url.path': pathOf(request) ?? '(none that can be read in one way)',
    ...(ip !== undefined && { 'client.address': ip }),
  }
}

function finish(span: Span, { status, outcome, error }: Finished): void {
  if (status !== null) span.setAttribute('http.response.status_code', status)
  span.setAttribute('outcome', outcome)
  const failed = outcome === 'error' || (status ?? 0) >= 500
  if (failed) {
    span.setAttribute('error.type', error instanceof Error ? error.name : String(status))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

/** Makes spans for layers: `layer(tracer)('compression', compression())` is the same wrapper, with a span. */
export function layer(tracer: Tracer) {
  return <Adds extends object, Needs extends object>(
    name: string,
    wrapper: Wrapper<Adds, Needs>,
  ): Wrapper<Adds, Needs> => {
    // What the app needs is for the wrapper's own type to check, where it is called.
    return (app: any): App<any> => {
      // Once, as ever: a layer is no more than its span and the app that the wrapper has made.
      const inside: App<any> = wrapper(app)
      return (request, context) => tracer.startActiveSpan(name, (span) => within(span, () => inside(request, context)))
    }
  }
}

/** Ends the span when there is an answer, or an exception. What is at hand stays at hand. */
function within(span: Span, ask: () => ReturnType<App>): ReturnType<App> {
  const failed = (error: unknown): never => {
    span.recordException(error instanceof Error ? error : String(error))
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
    throw error
  }
  try {
    const answered = after(ask(), (response) => {
      span.end()
      return response
    })
    return isPromise(answered) ? answered.catch(failed) : answered
  } catch (error) {
    return failed(error)
  }
}
