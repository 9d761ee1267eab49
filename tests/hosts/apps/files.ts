/** Files, conditions and ranges, by Express and serve-static. */
import { fileURLToPath } from 'node:url'
import express from 'express'
import type { Routes } from './site.ts'

const folder = fileURLToPath(new URL('../files/', import.meta.url))
const lastModified = 'Wed, 01 Jan 2025 00:00:00 GMT'

export const files: Routes = {
  express(app) {
    app.get('/tagged', (_, res) => res.set('ETag', '"v1"').send('tagged'))
    app.get('/dated', (_, res) => res.set('Last-Modified', lastModified).send('dated'))
    app.get('/fresh', (req, res) => res.set('ETag', '"v1"').json({ fresh: req.fresh }))
    app.get('/file', (_, res) => res.sendFile('letters.txt', { root: folder }))
    app.get('/file-missing', (_, res) => res.sendFile('nowhere.txt', { root: folder }))
    app.get('/file-own-fields', (_, res) =>
      res.sendFile('letters.txt', { root: folder, maxAge: 60_000, headers: { 'X-A': '1' }, lastModified: false }),
    )
    app.get('/file-callback', (req, res, next) => {
      res.sendFile('letters.txt', { root: folder }, (error) => (error ? next(error) : undefined))
    })
    app.get('/download', (_, res) => res.download(`${folder}letters.txt`, 'großer Brief.txt'))
    app.use('/static', express.static(folder, { dotfiles: 'deny', index: 'page.html' }))
  },
}
