package dev.panoptes.cli.sensor;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The token with which this host's daemon speaks. Given an enrollment token it enrols once, and keeps what it got in its data
 * directory; given an observer's token it uses that.
 */
final class Enrolment {
    private static final String KEPT = "observer.token";
    private static final String ENROLLMENT = "pne_";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int BUSY = 429;

    private final Shell shell;
    private final Path data;
    private final ServerUrl server;
    private final @Nullable Path ca;

    Enrolment(Shell shell, Path data, ServerUrl server) {
        this.shell = shell;
        this.data = data;
        this.server = server;
        String named = shell.variable("PANOPTES_SERVER_CA");
        this.ca = named == null ? null : shell.resolve(Path.of(named));
    }

    /**
     * @param host how the server is to call this host where it is enrolled now
     * @param patient true where a server that is away is waited for: a daemon may be up before its server
     */
    ServerClient client(String host, boolean patient) throws UsageException, IOException, InterruptedException {
        Path kept = data.resolve(KEPT);
        if (Files.exists(kept)) {
            return new ServerClient(server, new Token.InFile(kept, ""), ca);
        }
        Token given = given();
        if (!given.read().startsWith(ENROLLMENT)) {
            return new ServerClient(server, given, ca);
        }
        try (ServerClient client = new ServerClient(server, given, ca)) {
            byte[] body = JsonMapper.shared()
                    .createObjectNode()
                    .put("host", host)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            String token = enrolled(client, body, patient).path("token").asString("");
            keep(kept, token);
            shell.err().println("panoptes: enrolled as the observer of " + host);
        }
        return new ServerClient(server, new Token.InFile(kept, ""), ca);
    }

    private JsonNode enrolled(ServerClient client, byte[] body, boolean patient)
            throws UsageException, InterruptedException {
        String told = "";
        while (true) {
            Reply reply = client.call("POST", "/api/v1/observers/enroll", body, PATIENCE);
            String away = switch (reply) {
                case Reply.Unreached(String reason, String _) -> reason;
                case Reply.Refused(int status, String reason, Duration _)
                when status >= 500 || status == BUSY -> reason;
                case Reply.Refused _, Reply.Done _ -> "";
            };
            if (away.isEmpty() || !patient) {
                return reply.orRefuse();
            }
            if (!away.equals(told)) {
                told = away;
                shell.err()
                        .println(
                                "panoptes: " + away + "; this host enrols when it does, and is not watched until then");
            }
            Thread.sleep(AGAIN);
        }
    }

    private static void keep(Path file, String token) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path temporary = file.resolveSibling(KEPT + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, token + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Token given() throws UsageException {
        String value = shell.variable("PANOPTES_TOKEN");
        if (value != null) {
            return new Token.Given(value);
        }
        String file = shell.variable("PANOPTES_TOKEN_FILE");
        if (file != null) {
            return new Token.InFile(shell.resolve(Path.of(file)), "");
        }
        throw new UsageException(
                "there is no token for " + server,
                "Give an enrollment token by PANOPTES_TOKEN or PANOPTES_TOKEN_FILE, the first time");
    }
}
