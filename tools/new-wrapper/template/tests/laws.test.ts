import { myWrapper } from '@outerware/my-wrapper'
import { laws } from '../laws/index.ts'

laws('myWrapper()', () => myWrapper(), { adds: ['x-my-wrapper'] })
