#include "tests/support/lab_keys.h"

/* Test keys: public on purpose, good for nothing else. */

const char lab_key_rsa[] = "-----BEGIN PRIVATE KEY-----\n"
                           "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCdy/bYF/K2G8IL\n"
                           "FYHFlKp2nrGDIxM2FSFGtv0O8ikL0htO6n7/cGyytzlu84s3qmGvXxQHyTU6oa6q\n"
                           "bBxa9wpcGxgqCP6Rsg+WdriHTsgbyS7Sp0FjjxtK4Zgi0rVBImc42fo9BZ5ZrMWG\n"
                           "TuLbPHxxO0wFbwHu/dt/K67b15I61gZASG8vM7c+NHmRymPmCAbTJeAJ0hmhiEhz\n"
                           "gmNr+5XF0QZB3P5IPpK13O2M/1xJCmXYkZTx1kIVwvGit4RitLBu50H5cO9kTvp5\n"
                           "x1T6FNZExxy8WY4omgwRBwd0veObq8JCuOyH/zmbLrRf9Wbf9iKt2VWcgaAJhOse\n"
                           "B6Hm/fx7AgMBAAECggEAESTcNdAsRjgv1eUeoKktTWP3z1Kb6g/+TzY0ZPpPFqyw\n"
                           "24XDXzIHbUdWOHAXcRMpjSncUu2RGJoBEHJchk7kKOunWBx6uWOffpkkJUycQICU\n"
                           "KL4+mXguiUKHX/Pao4VUXQCPHTAjay9ylSFe/l4iUGnBMa9E24K95Uw0BvNIkkG2\n"
                           "OjGzI7Dfyp+GFhr7+xyFGQul+97SU+becQGqqq/t170OYecUihj5uVSPeLhvAClZ\n"
                           "oXBg7whXvHV7BH+pELHLHGSCiR2OrgPwwAcyWSb0ldz0aa5JW0qU06EpgrSfVxUa\n"
                           "V0UC6p9zKCMmdoGutIVk8i7bl+bXQTQ2jE2zoX8eAQKBgQDM/gVf+mw8DneWoU20\n"
                           "uN845KmjjtDk4qv1QUx0OG8SgUy2kyDFDdgxCacXCvKdzwxKTpIFaG0UhBeT8ADB\n"
                           "UBp8R+zdv2HynvThsNxN2KOhDQb/mZpQq0Y9PKid6+OPvfxjp5Sx7igKeTwc/ZCb\n"
                           "0bZ/9blMf6/TXZqOGWvSlATBAQKBgQDFD5gjFhk4yWQm6qXoX/GJXDM85K29OPaV\n"
                           "I5wW8/xhb3wY+Zj2G9hS/iNH930oA6U9AdrBSAy22JwOhH1M23FnVMjKWQwI2sgl\n"
                           "g3Iy8fwd/5iH/YKY9Ugz5h5BILP/6dhmrqCoJuugIw0XZAS0x/363j4mCisHt6S3\n"
                           "9iJo37RBewKBgQCYeAO1bISecsA+GEG8vpjBL0qBrZLv+yydYXElLGho4iUV0v7X\n"
                           "skFvz9coy2rDN6HTjvcK8K3ZSZpj3WoiXpskfzbNhDCtDc/kIfDqMc0a156x9CSU\n"
                           "BaBbocdklnQOkOetk5KEeTfs+llc0riBPQ05xaGKJZq4YnG3aW8KFDApAQKBgGW0\n"
                           "RrDVFu9YAXiUYkwsOFzMWSV0YLboT1tppYWzJu6iu0moiGl8tYkf4NWjxdSBDScP\n"
                           "bfeTV/yGjwRvHLwuBblu6LKGgs+PGv1Beg8RFS3mXLLTBDQtY7ZlbffvCPdrmWRl\n"
                           "fEVM0Q81B+yqkkM7dLmlOi4n0U2KWlkXj2rRChdBAoGASjT34zqeLapOG2nQ18Zt\n"
                           "82L89/S3c8zb79eJB727MmRgC/M+mTZnPSPgyP+07YYfh7pOeQ69CkO1sfaA5h+p\n"
                           "VqHfor44/HN0/leh/zos5ZhZVPgU12MGljWDkQTCdp1HAi71Wcg02ISLp3SxHscv\n"
                           "vJ9Sd8r20G+TymiLuz3Jo/Y=\n"
                           "-----END PRIVATE KEY-----\n";

const char lab_key_p256[] = "-----BEGIN PRIVATE KEY-----\n"
                            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgn5nKKlIj26kilOY7\n"
                            "byo9be/N+y7q0JnnuJRCbpbTmRehRANCAASm3ggpswdlRUOpAs4AN44DgOzarTxo\n"
                            "dKCk2SrOhq5c8EtB+yYJJek9/mBWVN0+kFvTIl8w0uH04DQ0Y7C5Ysu5\n"
                            "-----END PRIVATE KEY-----\n";

const char lab_key_p384[] = "-----BEGIN PRIVATE KEY-----\n"
                            "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAE7rdN0SUthf33gsMf\n"
                            "FzFH47Tk8PL0gnqWdBiSQezNqANRXilUgKBBBYuhXiGjTqehZANiAATjZ20FNLH/\n"
                            "lySO0b38AsYUizgryLMEso4oc6zX3JaSuvVtnbGG0C0c1yp2YDyh/j5b2cnHVBEw\n"
                            "WF6Uxe97K5YaeuHpcDi7qJpOcHimX5XzxTDCTBiFhQeO0EAXMKdcLhg=\n"
                            "-----END PRIVATE KEY-----\n";

const char lab_key_p521[] = "-----BEGIN PRIVATE KEY-----\n"
                            "MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIBqSAKQKeTV1b0PAwZ\n"
                            "3UFzUFXEjMALJKzoMTz/U9D1G1ZO9c9RDHN9vQMalbiNH5l1gwXAoH2tObVWe3ro\n"
                            "8elbklyhgYkDgYYABABLRz8ncVSJ3qvy9k4hsDr8ZfA22SzJ9KRUesBCOOsQgOen\n"
                            "PRfTaFWXimnZM3p55A3r15zrSdRtnetFIfT/vxq96QCNre31ZwTVU4uqUyiJL+zz\n"
                            "d7gN32iRXQPip3PeWKm/zVuZqbJ0muaHP04O7odQ7F2XGs3zuMqXo4EZGEx37FJc\n"
                            "bg==\n"
                            "-----END PRIVATE KEY-----\n";
