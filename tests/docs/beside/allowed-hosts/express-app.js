import express from 'express'

export const app = express().post('/reset-password', (req, res) => {
  res.send(`Mailed: https://${req.host}/reset/4f9c`)
})
