/** Asks the API. Where the session has ended, it waits until there is another one, and asks again. */
export async function api(path, init) {
  const response = await fetch(path, init)
  if (response.ok) return response.json()
  if (response.status !== 401) throw new Error(`${path} answered ${response.status}`)
  const { login } = await response.json()
  await signedInAgain(login)
  return api(path, init)
}

const dialog = document.querySelector('dialog')
let waiting

/** One dialog for all that wait. The page stays, and all that is written on it. */
function signedInAgain(login) {
  waiting ??= new Promise((resolve) => {
    const url = new URL(login)
    url.searchParams.set('returnTo', '/signed-in')
    dialog.querySelector('a').href = url.href
    dialog.showModal()
    const channel = new BroadcastChannel('session')
    channel.addEventListener('message', () => {
      channel.close()
      dialog.close()
      waiting = undefined
      resolve()
    })
  })
  return waiting
}
