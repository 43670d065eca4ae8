package dev.panoptes.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.shell.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerClientTest {
    private static final Token TOKEN = new Token.Given("pnt_secret");

    @TempDir
    private Path directory;

    private HttpServer http;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
    }

    @AfterEach
    void close() {
        http.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** What {@code /x} answers from now on. */
    private void answer(int status, Map<String, String> headers, byte[] body) {
        http.createContext("/x", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            headers.forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private Reply ask() throws UsageException, InterruptedException {
        try (ServerClient client = new ServerClient(ServerUrl.of(url()), TOKEN, null)) {
            return client.get("/x");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anAnswerIsRead() throws UsageException, InterruptedException {
        answer(200, Map.of(), bytes("{\"a\": 1}"));

        assertThat(ask())
                .isInstanceOfSatisfying(
                        Reply.Done.class,
                        done -> assertThat(done.body().path("a").asInt()).isEqualTo(1));
        assertThat(seen).containsExactly("/x Bearer pnt_secret");
    }

    @Test
    void aRedirectTakesNoTokenAnywhere() throws UsageException, InterruptedException {
        answer(307, Map.of("Location", url() + "/x/elsewhere"), new byte[0]);

        assertThat(ask())
                .isInstanceOfSatisfying(
                        Reply.Unreached.class,
                        reply -> assertThat(reply.reason()).contains("/x/elsewhere"));
        assertThat(seen).hasSize(1);
    }

    @Test
    void aProblemIsOneHarmlessLine() throws UsageException, InterruptedException {
        answer(
                503,
                Map.of("Retry-After", "7"),
                bytes(
                        "{\"detail\": \"no\\u001b[31mw\\n\\u202enot\", \"errors\": [{\"pointer\": \"/a\", \"detail\": \"bad\"}]}"));

        assertThat(ask()).isEqualTo(new Reply.Refused(503, "no [31mw not; /a bad", Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @CsvSource({"200,<html>", "404,{}", "401,"})
    void whatIsNotPanoptesIsNotTakenForIt(int status, String body) throws UsageException, InterruptedException {
        answer(status, Map.of(), bytes(body == null ? "" : body));

        assertThat(ask())
                .isInstanceOfSatisfying(
                        Reply.Unreached.class,
                        reply -> assertThat(reply.reason()).contains("is not Panoptes (status " + status + ")"));
    }

    @Test
    void aProxyBeforeAServerThatIsDownMeansNotNow() throws UsageException, InterruptedException {
        answer(502, Map.of(), new byte[0]);

        assertThat(ask()).isEqualTo(new Reply.Refused(502, "status 502", null));
    }

    @Test
    void anAnswerWithoutEndEnds() throws UsageException, InterruptedException {
        answer(200, Map.of(), new byte[ServerClient.USUAL_ANSWER_BYTES + 1]);

        assertThat(ask()).isInstanceOf(Reply.Unreached.class);
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws UsageException, IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerClient client =
                        new ServerClient(ServerUrl.of("http://127.0.0.1:" + silent.getLocalPort()), TOKEN, null)) {
            assertThat(client.call("GET", "/x", null, Duration.ofMillis(200)))
                    .isInstanceOfSatisfying(
                            Reply.Unreached.class,
                            reply -> assertThat(reply.reason()).contains("did not answer within"));
        }
    }

    @Test
    void whereNothingListensThereIsNoServer() throws UsageException, InterruptedException {
        http.stop(0);

        assertThat(ask())
                .isInstanceOfSatisfying(
                        Reply.Unreached.class,
                        reply -> assertThat(reply.reason()).startsWith("no server answers at"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://10.1.2.3", "http://panoptes.example", "http://localhost.example", "http://0.0.0.0:1"})
    void noTokenTravelsInClear(String url) {
        assertThatThrownBy(() -> new ServerClient(ServerUrl.of(url), TOKEN, null))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("in clear");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.9.8.7:1", "http://[::1]:1", "http://localhost:1", "https://10.1.2.3", "HTTPS://x"})
    void loopbackAndTlsAreFine(String url) throws UsageException {
        new ServerClient(ServerUrl.of(url), TOKEN, null).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "x", "http://", "https://u:p@x", "https://x?token=1", "https://x#1", "::"})
    void otherUrlsAreRefused(String url) {
        assertThatThrownBy(() -> ServerUrl.of(url)).isInstanceOf(UsageException.class);
    }

    @Test
    void theUrlMayHaveThePathOfAProxy() throws UsageException {
        assertThat(ServerUrl.of("https://x/panoptes/").at("/a?b=c").toString()).isEqualTo("https://x/panoptes/a?b=c");
    }

    @Test
    void aTokenFileIsReadAnewAndMustHoldOne() throws IOException, UsageException {
        Path file = Files.writeString(directory.resolve("token"), "one\n");
        Token.InFile token = new Token.InFile(file, "hint");
        assertThat(token.read()).isEqualTo("one");
        Files.writeString(file, "two");
        assertThat(token.read()).isEqualTo("two");

        for (String wrong : List.of("", "a b", "a\nb", "\u00e9", "x".repeat(5_000))) {
            Files.writeString(file, wrong);
            assertThatThrownBy(token::read).isInstanceOf(UsageException.class);
        }
        Files.delete(file);
        assertThatThrownBy(token::read).hasMessageContaining("does not exist");
        assertThatThrownBy(new Token.InFile(directory, "")::read).isInstanceOf(UsageException.class);
    }

    @Test
    void aTokenThatEverybodyCanReadIsRemarked() throws IOException, UsageException {
        Path file = Files.writeString(directory.resolve("token"), "one");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(warning(file)).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(warning(file)).contains("chmod 600").doesNotContain("one\n");
    }

    private static String warning(Path file) throws UsageException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        new Token.InFile(file, "").warn(new PrintStream(err, true, StandardCharsets.UTF_8));
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aGivenTokenIsNotPrintedByChance() {
        assertThat(TOKEN.toString()).doesNotContain("secret");
    }
}
