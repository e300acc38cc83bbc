import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * AssumeRoleWithWebIdentity with nothing but the JDK: what an application does that brings no AWS SDK.
 * Takes endpoint and role from the environment that exec makes; prints status, reason and body.
 * java.net.http asks for HTTP/2 by an Upgrade header first, which a server has to pass over in silence.
 */
final class Assume {
    private Assume() {
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> form = Map.of(
            "Action", "AssumeRoleWithWebIdentity",
            "Version", "2011-06-15",
            "RoleArn", System.getenv("AWS_ROLE_ARN"),
            "RoleSessionName", System.getenv("AWS_ROLE_SESSION_NAME"),
            "WebIdentityToken", Files.readString(Path.of(System.getenv("AWS_WEB_IDENTITY_TOKEN_FILE"))));
        var request = HttpRequest.newBuilder(URI.create(System.getenv("AWS_ENDPOINT_URL_STS") + "/"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"))))
            .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        System.out.println(response.statusCode());
        System.out.println(response.headers().firstValue("x-understudy-reason").orElse("no reason"));
        System.out.print(response.body());
    }
}
