/** What a suite says of each of its tests, by name. */
export type Verdict = 'pass' | 'fail'
export type Verdicts = ReadonlyMap<string, Verdict>

/** A test whose verdict is another one when the servers are wrapped. */
export interface Change {
  readonly name: string
  /** `undefined` where the test was not run. */
  readonly bare: Verdict | undefined
  readonly wrapped: Verdict | undefined
}

/** Reads lines `["pass", name]`, as our reporters write them. Of tests that share a name each but the first gets a number. */
export function readVerdicts(lines: string): Verdicts {
  const verdicts = new Map<string, Verdict>()
  for (const line of lines.split('\n').filter(Boolean)) {
    const [verdict, name]: [Verdict, string] = JSON.parse(line)
    let unique = name
    for (let number = 2; verdicts.has(unique); number++) unique = `${name} (${number})`
    verdicts.set(unique, verdict)
  }
  return verdicts
}

export function changes(bare: Verdicts, wrapped: Verdicts): Change[] {
  const names = new Set([...bare.keys(), ...wrapped.keys()])
  return [...names]
    .map((name) => ({ name, bare: bare.get(name), wrapped: wrapped.get(name) }))
    .filter(({ bare, wrapped }) => bare !== wrapped)
}

export function passed(verdicts: Verdicts): number {
  return [...verdicts.values()].filter((verdict) => verdict === 'pass').length
}
