package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a call fails by, its caller gets a problem with the id under which the log tells the cause. */
final class FailedCallTest {
    private static final Authenticator EVERYBODY = new Authenticator() {
        @Override
        public Principal authenticate(Credentials credentials) {
            return new Principal.Local("test", Role.VIEWER);
        }

        @Override
        public Principal authenticateAgain(Credentials credentials) {
            return authenticate(credentials);
        }
    };

    private static final Pages NO_PAGES = new Pages() {
        @Override
        public Map<String, Handler> byPath() {
            return Map.of();
        }

        @Override
        public Response problem(Problem problem, String id) {
            throw new AssertionError(problem.detail());
        }
    };

    private static Response fail(String how) {
        if (how.equals("overflow")) {
            throw new StackOverflowError();
        }
        throw new IllegalStateException("a defect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"defect", "overflow"})
    void aProblemNamesTheCall(String how) throws IOException, InterruptedException, CannotStart {
        HttpSettings settings = new HttpSettings(
                "127.0.0.1", 0, null, false, 0, Duration.ofSeconds(10), Duration.ofSeconds(2), List.of(), List.of());
        Resource failing = () -> List.of(Route.get("/api/v1/failing", Access.VIEWER, _ -> fail(how)));
        try (HttpServer http = new HttpServer(settings, List.of(failing), NO_PAGES, EVERYBODY, new CallCounts());
                HttpClient client = HttpClient.newHttpClient()) {
            http.start();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(http.url() + "/api/v1/failing"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("its log names it by the request id");
        }
    }
}
