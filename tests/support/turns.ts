/** Lets everything happen that can happen without the outside world: that many turns of the event loop. */
export async function turns(count = 30): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
