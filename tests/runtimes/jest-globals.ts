/**
 * Stands for `@jest/globals` where Jest does not run: tests are collected, to be run by whoever imports them.
 *
 * @module
 */
import { createRequire } from 'node:module'

interface Collected {
  readonly name: string
  run(): unknown
}

export const collected: Collected[] = []
export const afterwards: (() => unknown)[] = []
const { resolve } = createRequire(import.meta.url)
// Jest's own, by whatever package it comes.
export const { expect } = createRequire(resolve('@jest/globals/package.json'))('expect')

let within = ''

export function describe(name: string, collect: () => void): void {
  const around = within
  within += `${name}: `
  collect()
  within = around
}

export function it(name: string, run: () => unknown): void {
  collected.push({ name: within + name, run })
}

/** For the tests that start programs, of which there are none among the laws. */
export function beforeAll(): never {
  throw new Error('nothing is run before the tests that are collected here')
}

export function afterAll(run: () => unknown): void {
  afterwards.push(run)
}
