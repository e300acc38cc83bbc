-- wrk: one AssumeRoleWithWebIdentity for each line of the token file, from the top again at its end.
-- With "again" as second argument the first token over and over.

local requests, n = {}, 0

local function escape(s)
   return (s:gsub("[^%w%-._~]", function(c) return string.format("%%%02X", c:byte()) end))
end

function init(args)
   local file, again = args[1], args[2] == "again"
   local before = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=bench&RoleArn=" ..
      escape("arn:aws:iam::123456789012:role/" .. (os.getenv("BENCH_ROLE") or "Render-OIDC-Role")) .. "&WebIdentityToken="
   local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
   for token in io.lines(file) do
      requests[#requests + 1] = wrk.format("POST", "/", headers, before .. token)
      if again then break end
   end
end

function request()
   n = n % #requests + 1
   return requests[n]
end
