import { setTimeout as pause } from 'node:timers/promises'

export default async function stream(_req, res) {
  res.writeHead(200, { 'content-type': 'text/plain' })
  for (const part of ['one, ', 'two, ', 'three']) {
    res.write(part)
    await pause(20)
  }
  res.end()
}
