/**
 * A key and a certificate of `site.test`, `localhost`, `127.0.0.1` and `[::1]`, which signs for itself: made for these
 * tests and worth nothing elsewhere.
 */
export const certificate: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgppUUXoksWkVjIARQ
1VDxh7MmK1Dw3i0njvL1kraCmgOhRANCAARjbsVcHPu0Ji3m69KrdJ+leXD5jvhk
OERyCpI2SfoKcLj7sHJaSN1Wt5yWi2wDBvwm9bQiVN2ucpCCj3ja5tx/
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBljCCAT2gAwIBAgIUEaia2eReX2Aa6boH+x0ri39IY1gwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJc2l0ZS50ZXN0MCAXDTI2MTEyMTAyNTQyMFoYDzIxMjYxMDI4
MDI1NDIwWjAUMRIwEAYDVQQDDAlzaXRlLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARjbsVcHPu0Ji3m69KrdJ+leXD5jvhkOERyCpI2SfoKcLj7sHJaSN1W
t5yWi2wDBvwm9bQiVN2ucpCCj3ja5tx/o2swaTAPBgNVHRMBAf8EBTADAQH/MDcG
A1UdEQQwMC6CCXNpdGUudGVzdIIJbG9jYWxob3N0hwR/AAABhxAAAAAAAAAAAAAA
AAAAAAABMB0GA1UdDgQWBBSFnT9LTg0v7jkK4roeeN4sdxUnXDAKBggqhkjOPQQD
AgNHADBEAiAs50XqrHqm8gSG0LWyskXbk4sy8rWhKuCffXcAqLgfbAIgUboSJFt/
TKNtRNxyWNZ6lF3p+Q7XaN6SCudES/pT4SE=
-----END CERTIFICATE-----`,
}
