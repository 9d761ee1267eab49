import { expect, it } from '@jest/globals'
import { asking, folder } from './support.ts'

const typeOf = async (name: string, options: object = {}): Promise<string | null> =>
  (await asking({ dir: folder({ [name]: '' }), ...options })(`/${name}`)).headers.get('content-type')

it.each([
  ['a.html', 'text/html; charset=utf-8'],
  ['a.HTML', 'text/html; charset=utf-8'],
  ['a.css', 'text/css; charset=utf-8'],
  ['a.js', 'text/javascript; charset=utf-8'],
  ['a.mjs', 'text/javascript; charset=utf-8'],
  ['lib.umd.cjs', 'text/javascript; charset=utf-8'],
  ['a.txt', 'text/plain; charset=utf-8'],
  ['a.json', 'application/json'],
  ['a.js.map', 'application/json'],
  ['a.webmanifest', 'application/manifest+json'],
  ['a.svg', 'image/svg+xml'],
  ['a.wasm', 'application/wasm'],
  ['a.avif', 'image/avif'],
  ['a.woff2', 'font/woff2'],
  ['favicon.ico', 'image/x-icon'],
  ['hand.cur', 'image/x-icon'],
  ['a.jfif', 'image/jpeg'],
  ['ticket.pkpass', 'application/vnd.apple.pkpass'],
  ['addon.xpi', 'application/x-xpinstall'],
  ['a.avi', 'video/x-msvideo'],
  ['a.m3u8', 'application/vnd.apple.mpegurl'],
  ['a.m4v', 'video/x-m4v'],
  ['a.tar', 'application/x-tar'],
  ['a.tgz', 'application/gzip'],
  ['a.usdz', 'model/vnd.usdz+zip'],
  ['a.vcf', 'text/vcard; charset=utf-8'],
  ['a.xls', 'application/vnd.ms-excel'],
  ['apple-app-site-association', 'application/json'],
  // Never nothing, and never a guess.
  ['LICENSE', 'application/octet-stream'],
  ['a.unknown', 'application/octet-stream'],
  // A name is no extension.
  ['css', 'application/octet-stream'],
])('%s is %s', async (name, type) => {
  expect(await typeOf(name)).toBe(type)
})

it.each([
  ['model.gltf', 'model/gltf+json'],
  ['a.js', 'text/plain; charset=utf-8'],
  ['CNAME', 'text/plain; charset=utf-8'],
  ['a.latin', 'text/plain; charset=ISO-8859-1'],
])('mimeTypes: %s is %s', async (name, type) => {
  const mimeTypes = {
    gltf: 'model/gltf+json',
    '.js': 'text/plain',
    cname: 'text/plain',
    latin: 'text/plain; charset=ISO-8859-1',
  }
  expect(await typeOf(name, { mimeTypes })).toBe(type)
})

it.each([
  ['windows-1252', 'text/html; charset=windows-1252'],
  [false, 'text/html'],
])('charset %j gives %s', async (charset, type) => {
  expect(await typeOf('a.html', { charset })).toBe(type)
})
