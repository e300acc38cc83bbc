-- wrk: one token a request, as POST /_understudy/token mints them.

wrk.method = "POST"
wrk.path = "/_understudy/token"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"platform":"' .. (os.getenv("BENCH_PLATFORM") or "render") .. '"}'
