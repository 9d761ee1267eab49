/** @type {import('@outerware/core').App} */
export const app = () => new Response('hello')
