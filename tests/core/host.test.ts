import { expect, it } from '@jest/globals'
import { hostOfUrl, parseHost } from '@outerware/core/headers'

it.each([
  ['site.test', 'site.test', undefined],
  ['SITE.Test', 'site.test', undefined],
  ['site.test.', 'site.test', undefined],
  ['site.test:8080', 'site.test', 8080],
  ['site.test.:443', 'site.test', 443],
  ['site.test:', 'site.test', undefined],
  ['localhost', 'localhost', undefined],
  ['my_app.internal', 'my_app.internal', undefined],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example', undefined],
  ['XN--Bcher-KVA.example.', 'xn--bcher-kva.example', undefined],
  ['xn--fa-hia.example', 'xn--fa-hia.example', undefined],
  ['xn--ls8h.example', 'xn--ls8h.example', undefined],
  ['a--b.example', 'a--b.example', undefined],
  ['axn--b.example', 'axn--b.example', undefined],
  // RFC 3492, section 7.1: Arabic, Chinese, Czech, Hebrew, Russian, Spanish.
  ['xn--egbpdaj6bu4bxfgehfvwxn', 'xn--egbpdaj6bu4bxfgehfvwxn', undefined],
  ['xn--ihqwcrb4cv8a8dqg056pqjye', 'xn--ihqwcrb4cv8a8dqg056pqjye', undefined],
  ['xn--Proprostnemluvesky-uyb24dma41a', 'xn--proprostnemluvesky-uyb24dma41a', undefined],
  ['xn--4dbcagdahymbxekheh6e0a7fei0b', 'xn--4dbcagdahymbxekheh6e0a7fei0b', undefined],
  ['xn--b1abfaaepdrnnbgefbadotcwatmq2g4l', 'xn--b1abfaaepdrnnbgefbadotcwatmq2g4l', undefined],
  ['xn--PorqunopuedensimplementehablarenEspaol-fmd56a', 'xn--porqunopuedensimplementehablarenespaol-fmd56a', undefined],
  ['127.0.0.1:3000', '127.0.0.1', 3000],
  ['[::1]:3000', '[::1]', 3000],
  ['[0:0:0:0:0:0:0:1]', '[::1]', undefined],
  ['[2001:DB8::0001]', '[2001:db8::1]', undefined],
])('parseHost(%j) is %j, port %p', (field, name, port) => {
  expect(parseHost(field)).toEqual({ name, port })
})

it.each([
  ['nothing', ''],
  ['a space', 'site.test '],
  ['a user', 'site.test@evil.test'],
  ['a user and a password', 'site.test:80@evil.test'],
  ['a path', 'site.test/path'],
  ['a query', 'site.test?x'],
  ['a fragment', 'site.test#x'],
  ['a backslash', 'site.test\\evil.test'],
  ['an escape', 'sit%65.test'],
  ['two hosts', 'site.test, evil.test'],
  ['two ports', 'site.test:80:81'],
  ['a port that is no number', 'site.test:http'],
  ['a port out of range', 'site.test:65536'],
  ['an empty label', 'site..test'],
  ['a dot at the beginning', '.site.test'],
  ['two dots at the end', 'site.test..'],
  ['an address in hexadecimals', '0x7f.0.0.1'],
  ['an address of two numbers', '127.1'],
  ['an address of one number', '2130706433'],
  ['an address in octals', '0177.0.0.1'],
  ['an address without brackets', '::1'],
  ['brackets around a name', '[site.test]'],
  ['a zone', '[fe80::1%25eth0]'],
  ['raw characters outside of ASCII', 'b\u00fccher.example'],
  ['punycode that is none', 'xn--a.test'],
  ['punycode that is none, below another name', 'site.xn--a.test'],
  ['punycode of nothing', 'xn--.test'],
  ['punycode of letters of ASCII', 'xn--a-.test'],
  ['punycode that breaks off', 'xn--bcher-kv.example'],
  ['punycode with a sign that is no digit', 'xn--a_b.example'],
  ['punycode beyond the last character', 'xn--99999999.example'],
  ['punycode of a great number', `xn--${'9'.repeat(50)}.example`],
  ['punycode of a capital letter, which names do not have', 'xn--bcher-2pa.example'],
  ['punycode of a dot', 'xn--ab-r13a.example'],
  ['punycode of a slash', 'xn--ab-1u3n.example'],
  ['punycode of a soft hyphen, which names drop', 'xn--ab-5da.example'],
  ['a name that is too long', `${'a'.repeat(63)}.`.repeat(4) + 'test'],
])('parseHost has no reading of %s', (_what, field) => {
  expect(parseHost(field)).toBeUndefined()
})

it.each([
  ['http://site.test/', 'site.test'],
  ['https://Site.test:8080/a:b', 'Site.test:8080'],
  ['http://site.test', 'site.test'],
  ['http://site.test?a=/', 'site.test'],
  ['http://[::1]:3000/x', '[::1]:3000'],
])('hostOfUrl(%j) is %j', (url, host) => {
  expect(hostOfUrl(url)).toBe(host)
})
