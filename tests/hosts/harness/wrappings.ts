export type WrappingName = 'none' | 'pass' | 'async' | 'ten async' | 'slow' | 'header' | 'nested' | 'rebuild' | 'curious'
