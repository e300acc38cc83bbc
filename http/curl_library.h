#ifndef HTTP_CURL_LIBRARY_H
#define HTTP_CURL_LIBRARY_H

/*
 * libcurl, opened when the first request goes out.  Only `assume --endpoint` and its like are
 * clients; linking it would cost every start 3 ms and 4 MiB for some twenty libraries that come
 * with it.
 */
#define CURL_DISABLE_TYPECHECK /* its macros would name the functions before we can */
#include <curl/curl.h>

#undef curl_easy_getinfo
#undef curl_easy_setopt

#define CURL_LIBRARY_FUNCTIONS(X) \
    X(curl_easy_cleanup)          \
    X(curl_easy_getinfo)          \
    X(curl_easy_init)             \
    X(curl_easy_perform)          \
    X(curl_easy_setopt)           \
    X(curl_easy_strerror)         \
    X(curl_free)                  \
    X(curl_global_init)           \
    X(curl_slist_append)          \
    X(curl_slist_free_all)        \
    X(curl_url)                   \
    X(curl_url_cleanup)           \
    X(curl_url_get)               \
    X(curl_url_set)               \
    X(curl_url_strerror)

struct curl_library {
#define CURL_LIBRARY_MEMBER(name) __typeof__(&name) name;
    CURL_LIBRARY_FUNCTIONS(CURL_LIBRARY_MEMBER)
#undef CURL_LIBRARY_MEMBER
};

/* The functions, libcurl initialised; NULL when it cannot be opened.  Safe from several threads. */
const struct curl_library *curl_library(void);

#endif
