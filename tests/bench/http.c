/*
 * Our HTTP server doing what the yardstick h.c does: the difference is what our layer costs. Prints
 * its URL and runs until it is killed.
 */
#include "http/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BODY_BYTES = 1600, WORKERS = 2 };

static char body[BODY_BYTES];

static void answer(void *context, const struct http_request *request,
                   struct http_response *response)
{
    (void)context;
    response->status = request->body_too_large ? 413 : 200;
    response->content_type = STR("text/xml");
    response->body = str_n(body, sizeof body);
}

int main(void)
{
    const struct http_server_options options = {
        .address = "127.0.0.1",
        .n_workers = WORKERS,
        .handle = answer,
    };
    struct why why = why_new(arena_new());
    struct http_server *server;
    memset(body, 'x', sizeof body);
    if (failed(http_server_start(&why, &options, &server)))
        return EXIT_FAILURE;
    printf("http://127.0.0.1:%u\n", http_server_port(server));
    fflush(stdout);
    for (;;)
        pause();
}
