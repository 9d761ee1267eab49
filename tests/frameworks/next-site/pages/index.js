import { createElement } from 'react'

export function getServerSideProps({ req, res }) {
  res.setHeader('x-page', '1')
  return { props: { url: req.url } }
}

export default function Page({ url }) {
  return createElement('h1', null, 'hello ', url)
}
