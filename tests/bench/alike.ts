/** Whether a server does the work that it is measured for. */
import type { Asked, Target } from './measure.ts'

/** Says what is wrong with an answer: it is not in the coding, or not what the baseline answers; if anything is. */
export async function wrongWith(
  target: Target,
  base: Target,
  asked: Asked,
  coding: string,
): Promise<string | undefined> {
  const [response, wanted] = await Promise.all([ask(target, asked), ask(base, asked)])
  const got = response.headers.get('content-encoding') ?? 'none'
  if (got !== coding) return `its coding is ${got}`
  const [text, whole] = await Promise.all([response.text(), wanted.text()])
  return text === whole ? undefined : 'its body is another'
}

/** Decodes what comes. */
function ask({ port }: Target, { path, headers = {} }: Asked): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers })
}
