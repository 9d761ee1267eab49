import { createElement } from 'react'

export default function Still() {
  return createElement('h1', null, 'made when it was built')
}
