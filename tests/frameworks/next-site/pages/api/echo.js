export default function echo(req, res) {
  res.setHeader('Set-Cookie', ['a=1', 'b=2'])
  res.status(201).json({ method: req.method, body: req.body })
}
