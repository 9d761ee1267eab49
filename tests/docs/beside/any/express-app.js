import express from 'express'

export const app = express().use((_req, res) => void res.send('hello'))
