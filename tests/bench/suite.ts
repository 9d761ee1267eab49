import type { Asked } from './measure.ts'

/** What is compared with what. */
export interface Suite extends Asked {
  readonly title: string
  /** The coding in which each server must answer; one that does not is left out, as one whose body is another. */
  readonly coding?: string
  /** The path that gives each server's cookie; see sign-in.ts. */
  readonly signIn?: string
  /** The server all others are measured against. */
  readonly baseline: string
  /** Servers, with the least ratio of throughput that design section 7 asks for, where it asks for one. */
  readonly servers: readonly { readonly name: string; readonly floor?: number }[]
}
