/**
 * A key and a certificate of `site.test`, `localhost`, `127.0.0.1` and `[::1]`, which signs for itself: made for these
 * tests and worth nothing elsewhere. It is good from 2020 to 2120, whatever clock a machine has.
 */
export const certificate: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgppUUXoksWkVjIARQ
1VDxh7MmK1Dw3i0njvL1kraCmgOhRANCAARjbsVcHPu0Ji3m69KrdJ+leXD5jvhk
OERyCpI2SfoKcLj7sHJaSN1Wt5yWi2wDBvwm9bQiVN2ucpCCj3ja5tx/
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIVAOo/g5wIPmVn+Wj5A/bZWz5buf6kMAoGCCqGSM49BAMC
MBQxEjAQBgNVBAMMCXNpdGUudGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEw
MTAwMDAwMFowFDESMBAGA1UEAwwJc2l0ZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAEY27FXBz7tCYt5uvSq3SfpXlw+Y74ZDhEcgqSNkn6CnC4+7ByWkjd
VreclotsAwb8JvW0IlTdrnKQgo942ubcf6NrMGkwDwYDVR0TAQH/BAUwAwEB/zA3
BgNVHREEMDAugglzaXRlLnRlc3SCCWxvY2FsaG9zdIcEfwAAAYcQAAAAAAAAAAAA
AAAAAAAAATAdBgNVHQ4EFgQUhZ0/S04NL+45CuK6HnjeLHcVJ1wwCgYIKoZIzj0E
AwIDSAAwRQIhANKdXf9mga77WBwUBANaf0tXk5IJUY1QVOm9IzlNEDz1AiBRFYsg
sBAFckSlG8gQsNY2IUb8C/Y9qz2r4ILX3Huv7w==
-----END CERTIFICATE-----`,
}
