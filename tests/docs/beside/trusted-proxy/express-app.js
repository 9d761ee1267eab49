import express from 'express'

export const app = express().set('trust proxy', true)
app.use((req, res) => void res.send(`${req.protocol}://${req.host}${req.url}, by ${req.ip}`))
