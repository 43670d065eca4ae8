package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.ServerSetup.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Started by somebody who is not root: by one who has a name, and by one whom the machine does not know, as containers have it.
 * Where the tests themselves do not run as root, they are that somebody. Root's own start, below a directory that only root may
 * enter, is what every other test here does.
 */
@Tag("e2e")
@Timeout(180)
class OtherUserTest {
    /** nobody. */
    private static final int NAMED = 65_534;

    private static final int UNKNOWN = 54_321;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("panoptes-user");
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path each : all.toList().reversed()) {
                Files.delete(each);
            }
        }
    }

    private static boolean root() {
        return System.getProperty("user.name", "").equals("root");
    }

    /** Its own directory, which nobody else may enter; and the program where it can read it. */
    private ServerSetup setup(int uid) throws IOException, InterruptedException {
        ServerSetup setup = ServerSetup.in(directory).reachableProgram();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        if (!root()) {
            return setup;
        }
        Files.setAttribute(directory, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(directory, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
        return setup.before("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--");
    }

    @ParameterizedTest
    @ValueSource(ints = {NAMED, UNKNOWN})
    void itStartsBelowADirectoryOfItsOwnAndKeepsWhatItWasTold(int uid) throws IOException, InterruptedException {
        ServerSetup setup = setup(uid);
        try (StartedServer first = setup.start()) {
            assertThat(first.post("/api/v1/tokens", "{\"name\": \"kept\", \"role\": \"viewer\"}")
                            .status())
                    .isEqualTo(201);
            long postmaster = first.postgres().orElseThrow().pid();
            assertThat(Files.getAttribute(Path.of("/proc/" + postmaster), "unix:uid"))
                    .isEqualTo(Files.getAttribute(directory, "unix:uid"));
            first.kill9();
            try (StartedServer second = first.again()) {
                assertThat(second.get("/api/v1/tokens").body()).contains("\"kept\"");
                assertThat(second.stop()).isZero();
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void aDataDirectoryThatMayNotBeWrittenIsOneMessage() throws IOException, InterruptedException {
        ServerSetup setup = setup(NAMED);
        for (String forbidden : List.of("/panoptes-data", "/etc/panoptes-data")) {
            Ended ended = setup.data(Path.of(forbidden)).refused();
            assertThat(ended.code()).as(ended.err()).isEqualTo(3);
            assertThat(ended.err())
                    .startsWith("panoptes: the data directory " + forbidden + " cannot be used: AccessDenied")
                    .doesNotContain("\tat ");
        }
    }
}
