-- A request of the size and shape of AssumeRoleWithWebIdentity, for wrk.
wrk.method = "POST"
wrk.body = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=bench&WebIdentityToken="
    .. string.rep("a", 1110)
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
