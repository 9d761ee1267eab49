/** What the mistakes of these tables have in common. */
import { respond, type App } from '@outerware/core'

/** What the compiler would refuse; most people write JavaScript. */
export function slip(value: unknown): never {
  return value as never
}

/** The app that all mistakes are made around. */
export const app: App = () => respond('hello')

/** Options of a gate that is right. */
export const gate = {
  issuer: 'https://accounts.example',
  clientId: 'site',
  clientSecret: 'of-the-client',
  baseURL: 'https://site.example',
  secret: 'a random string of 32 characters or more',
}

/**
 * A mistake as somebody tired makes it, and what the message must tell them: which part it is about, what was given,
 * and what to write. Each of them is there word for word.
 */
export type Mistake = readonly [name: string, make: () => unknown, about: string, given: string, write: string]

/** The message of what is thrown, now or later. */
export async function said(make: () => unknown): Promise<string> {
  try {
    await make()
  } catch (error) {
    return Object(error).message
  }
  throw new Error('It went through')
}
