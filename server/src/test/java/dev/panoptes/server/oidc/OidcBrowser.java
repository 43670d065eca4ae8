package dev.panoptes.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A browser as far as logging in needs one: it keeps cookies, and goes where it is sent when the test says so. */
final class OidcBrowser {
    private static final Pattern FIELD = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");
    private static final HttpClient OUTSIDE =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    final Map<String, String> cookies = new LinkedHashMap<>();
    private TestServer server;

    OidcBrowser(TestServer server) {
        this.server = server;
    }

    /** From now on another replica answers. */
    void movesTo(TestServer other) {
        server = other;
    }

    Answer get(String path) throws IOException, InterruptedException {
        return call("GET", path, null);
    }

    Answer post(String path, Map<String, String> form) throws IOException, InterruptedException {
        return call("POST", path, FormText.of(form));
    }

    private Answer call(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "text/html"));
        if (!cookies.isEmpty()) {
            headers.put(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .reduce((one, other) -> one + "; " + other)
                            .orElseThrow());
        }
        if (body != null) {
            headers.put("Content-Type", "application/x-www-form-urlencoded");
        }
        Answer answer = server.call(method, path, body, headers);
        answer.headers().forEach((name, values) -> {
            if (name.equalsIgnoreCase("Set-Cookie")) {
                values.forEach(this::keep);
            }
        });
        return answer;
    }

    private void keep(String field) {
        String[] pair = field.split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty()) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    /** The URL at the provider that a click on the button leads to. */
    URI away(String next) throws IOException, InterruptedException {
        Answer answer = get("/login/oidc?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        return URI.create(Objects.requireNonNull(answer.header("Location")));
    }

    /** Where the provider sends somebody back to: path and query of the callback. */
    static String visit(URI provider) throws IOException, InterruptedException {
        HttpResponse<String> answer = OUTSIDE.send(
                HttpRequest.newBuilder(provider).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        URI back = URI.create(answer.headers().firstValue("Location").orElseThrow());
        return back.getRawPath() + "?" + back.getRawQuery();
    }

    /** The whole way: away, there, and back. */
    Answer logIn() throws IOException, InterruptedException {
        return get(visit(away("/fleet")));
    }

    Answer logOut() throws IOException, InterruptedException {
        Matcher field = FIELD.matcher(get("/settings").body());
        assertThat(field.find()).isTrue();
        return post("/logout", Map.of("csrf_token", field.group(1)));
    }

    /** The session's role, or what is said to nobody. */
    String role() throws IOException, InterruptedException {
        Answer answer = server.call(
                "GET",
                "/api/v1/session",
                null,
                Map.of("Cookie", "panoptes_session=" + cookies.get("panoptes_session")));
        return answer.status() == 200 ? answer.json().path("role").asString() : Integer.toString(answer.status());
    }
}
