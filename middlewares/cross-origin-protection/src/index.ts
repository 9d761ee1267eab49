export {
  crossOriginProtection,
  crossOriginProtectionHooks,
  type CrossOriginProtectionOptions,
} from './cross-origin-protection.ts'
