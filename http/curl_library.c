#include "http/curl_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The OpenSSL and the GnuTLS build; the first that is there. */
static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };

static struct curl_library library;
static bool usable;

/* POSIX lets dlsym's object pointer become a function pointer; ISO C wants it copied. */
static bool find(void *handle, const char *name, void *member)
{
    void *symbol = dlsym(handle, name);
    memcpy(member, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool find_all(void *handle)
{
    bool all = true;
#define CURL_LIBRARY_FIND(name) all = all && find(handle, #name, &library.name);
    CURL_LIBRARY_FUNCTIONS(CURL_LIBRARY_FIND)
#undef CURL_LIBRARY_FIND
    return all;
}

static void open_library(void)
{
    void *handle = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !handle; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    usable =
        handle && find_all(handle) && library.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct curl_library *curl_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_library);
    return usable ? &library : NULL;
}
