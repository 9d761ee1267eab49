export { contextOf } from './context.ts'
export { fromNode, type NodeListener } from './from-node.ts'
export { serve, type Running, type ServeOptions } from './serve.ts'
export { toNode, type ToNodeOptions } from './to-node.ts'
