import express from 'express'

export const app = express().get('/old', (_req, res) => res.redirect('/new'))
