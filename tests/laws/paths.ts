import { expect } from '@jest/globals'
import { respond } from '@outerware/core'
import { lightRequest } from '../support/index.ts'
import { send, type Law, type Subject } from './subject.ts'

export const lawsOfPaths: Law[] = [
  {
    says: 'a path is what pathOf() reads, however it is spelt (10)',
    concerns: ({ serves, lets }) => serves !== undefined || lets !== undefined,
    async check(subject) {
      const { serves, lets } = subject.options
      for (const path of [serves, lets]) {
        if (path === undefined) continue
        const asked = path === lets
        expect([path, await isAsked(subject, path)]).toEqual([path, asked])
        for (const same of [`${path}?law`, encodeFirst(path), encodeFirst(path).toLowerCase()]) {
          expect([same, await isAsked(subject, same)]).toEqual([same, asked])
        }
      }
    },
  },
  {
    says: 'a path that can be read in two ways is neither let pass nor served (10)',
    concerns: ({ serves, lets }) => serves !== undefined || lets !== undefined,
    async check(subject) {
      const { serves, lets } = subject.options
      for (const path of [serves, lets]) {
        if (path === undefined) continue
        for (const spelt of ambiguous(path)) {
          const { asked, status } = await outcome(subject, spelt)
          // A guard lets nothing pass; a file server gives it to the app, or refuses it.
          const refused = path === lets ? !asked : asked || status >= 400
          expect([spelt, refused]).toEqual([spelt, true])
        }
      }
    },
  },
]

/** Spellings that some servers read as that path, and others as another. */
function ambiguous(path: string): string[] {
  const [, rest = ''] = path.split('/', 2)
  return [
    `/law/..${path}`,
    `/law/%2e%2e${path}`,
    `/.${path}`,
    `/law/..%2f${path.slice(1)}`,
    `/law/..%5c${path.slice(1)}`,
    `/law\\..\\${path.slice(1)}`,
    `${path}%00`,
    `${path}%00.law`,
    `${path}#law`,
    `${path}%zz`,
    `${path}%`,
    `${path}%c0%ae`,
    `/%u00${rest.charCodeAt(0).toString(16)}${path.slice(2)}`,
  ]
}

/** `/a` as `/%61`. */
function encodeFirst(path: string): string {
  return `/%${path.charCodeAt(1).toString(16).toUpperCase()}${path.slice(2)}`
}

async function isAsked(subject: Subject, target: string): Promise<boolean> {
  return (await outcome(subject, target)).asked
}

async function outcome(subject: Subject, target: string): Promise<{ asked: boolean; status: number }> {
  let asked = false
  const app = (): Response => {
    asked = true
    return respond('app')
  }
  const { status } = await send(subject, app, lightRequest(target))
  return { asked, status }
}
