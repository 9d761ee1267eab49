/**
 * What is taken over of a response.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'

/** The methods as an app may call them: with anything. */
export interface Methods {
  writeHead(status: unknown, reason?: unknown, fields?: unknown): ServerResponse
  write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean
  end(chunk?: unknown, encoding?: unknown, callback?: unknown): ServerResponse
  flushHeaders(): void
  destroy(error?: Error): unknown
}
