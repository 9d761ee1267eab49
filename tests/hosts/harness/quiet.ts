/** Express logs what its apps throw; here they throw on purpose. */
import { afterAll, beforeAll, jest } from '@jest/globals'

export function muteConsole(): void {
  let spy: { mockRestore(): void } | undefined
  beforeAll(() => void (spy = jest.spyOn(console, 'error').mockImplementation(() => {})))
  afterAll(() => spy?.mockRestore())
}
