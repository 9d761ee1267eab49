/** What the servers of the bridge's suites answer, each of them. */
export const TEXT = 'hello, world\n'
export const HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(TEXT.length) } as const
