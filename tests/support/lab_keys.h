#ifndef TESTS_SUPPORT_LAB_KEYS_H
#define TESTS_SUPPORT_LAB_KEYS_H

/* Private keys in PEM, one a kind, so that no test waits for RSA key generation. */
extern const char lab_key_rsa[];
extern const char lab_key_p256[];
extern const char lab_key_p384[];
extern const char lab_key_p521[];

#endif
