package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree that was read before gives what it would give if it were read anew. */
final class KeptCodeTest {
    private static final Start STARTED = new Start(List.of("--port", "7100"), Map.of("TOKEN", "hush-hush"));

    @TempDir
    private Path temporary;

    private Path root;
    private Path cache;

    @BeforeEach
    void fleet() throws IOException {
        root = Files.createDirectory(temporary.resolve("fleet"));
        cache = temporary.resolve("cache");
        write("agents/one/main.py", """
                import sys
                from flask import Flask
                from settings import PORT
                app = Flask(__name__)
                app.run(port=int(sys.argv[2]) if len(sys.argv) > 2 else PORT)
                """);
        write("agents/one/settings.py", "PORT = 7001\n");
        write("agents/two/server.js", "require('http').createServer(() => {}).listen(7002);\n");
        write("agents/three/index.js", """
                const port = require('../../shared/port');
                require('http').createServer(() => {}).listen(port);
                """);
        write("agents/two/guard/pyvenv.cfg", "home = /usr/bin\n");
        write("agents/two/guard/late.js", "require('http').createServer(() => {}).listen(7009);\n");
        write("scripts/run.py", "import http.server\nhttp.server.HTTPServer(('', 7003), None).serve_forever()\n");
        write("gunicorn.conf.py", "bind = '127.0.0.1:7004'\n");
        Files.createSymbolicLink(root.resolve("agents/two/linked"), Path.of("../../elsewhere"));
        tick();
    }

    @Test
    void anUnchangedTreeIsNotReadAgain() throws IOException, InterruptedException {
        String fresh = seen(later());
        Files.delete(facts("code-"));
        assertThat(fresh).contains("7001", "7002", "7003", "7004", "7100");
        assertThat(seen(later())).isEqualTo(fresh);
        assertThat(facts("code-")).as("what reading a source file would write").isNull();
    }

    @Test
    void whatLaunchersPassIsNotWrittenDown() throws IOException, InterruptedException {
        seen(later());
        assertThat(new String(Files.readAllBytes(facts("read-")), StandardCharsets.ISO_8859_1))
                .contains("agents/one/main.py")
                .doesNotContain("hush-hush");
    }

    @Test
    void aFileOfTheSameSizeAndDateIsAnother() throws IOException, InterruptedException {
        assertChangeIsSeen("7001", () -> {
            Path file = root.resolve("agents/one/settings.py");
            FileTime date = Files.getLastModifiedTime(file);
            Files.writeString(file, "PORT = 7011\n");
            Files.setLastModifiedTime(file, date);
        });
    }

    @Test
    void aNewFileIsSeen() throws IOException, InterruptedException {
        assertChangeIsSeen(
                "", () -> write("agents/two/more/more.js", "require('http').createServer().listen(7012);\n"));
    }

    @Test
    void aFileThatIsGoneIsGone() throws IOException, InterruptedException {
        assertChangeIsSeen("7002", () -> Files.delete(root.resolve("agents/two/server.js")));
    }

    @Test
    void aScriptThatOnlyALauncherNamesIsSeenToChange() throws IOException, InterruptedException {
        assertChangeIsSeen("7003", () -> Files.delete(root.resolve("scripts/run.py")));
    }

    @Test
    void aSettingIsSeenToChange() throws IOException, InterruptedException {
        assertChangeIsSeen("7004", () -> write("gunicorn.conf.py", "bind = '127.0.0.1:7014'\n"));
    }

    @Test
    void aModuleThatWasMissingIsImported() throws IOException, InterruptedException {
        String second = assertChangeIsSeen("", () -> write("shared/port.js", "module.exports = 7021;\n"));
        assertThat(second).contains("port=7021,");
    }

    @Test
    void aFolderThatIsNoVirtualEnvironmentAnyMoreIsRead() throws IOException, InterruptedException {
        assertChangeIsSeen("", () -> Files.delete(root.resolve("agents/two/guard/pyvenv.cfg")));
    }

    @Test
    void aLinkThatLedNowhereLeadsToCode() throws IOException, InterruptedException {
        assertChangeIsSeen("", () -> write("elsewhere/late.js", "require('http').createServer().listen(7015);\n"));
    }

    @Test
    void aFolderThatBecomesALinkOutOfTheTreeIsNotRead() throws IOException, InterruptedException {
        assertChangeIsSeen("7001", () -> {
            Path moved = Files.move(root.resolve("agents"), temporary.resolve("agents"));
            Files.createSymbolicLink(root.resolve("agents"), moved);
        });
    }

    @Test
    void otherQuestionsAreOtherReadings() throws IOException, InterruptedException {
        seen(later());
        Code code = new CodeReader(FactCache.in(cache), CodeReader.HEALTH_ENDPOINTS, later())
                .read(ScannedTree.at(root), "agents", List.of("scripts"));
        assertThat(code.directories()).extracting(CodeDirectory::path).contains("scripts");
    }

    @Test
    void whatMayChangeWithinOneTickIsNotKept() throws IOException, InterruptedException {
        seen(InstantSource.fixed(changed(root.resolve("agents/one/settings.py")).plusSeconds(1)));
        assertThat(facts("read-")).isNull();
    }

    @Test
    void damageIsAsIfNothingWereKept() throws IOException, InterruptedException {
        String fresh = seen(later());
        Path file = facts("read-");
        byte[] whole = Files.readAllBytes(file);
        for (int cut : new int[] {0, 3, 4, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, cut));
            assertThat(seen(later())).isEqualTo(fresh);
            assertThat(Files.readAllBytes(file)).as("written anew").hasSameSizeAs(whole);
        }
        for (int at = 4; at < whole.length; at += 397) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x55;
            Files.write(file, damaged);
            assertThat(seen(later())).isEqualTo(fresh);
            // What the checksum does not show may be read as something else, but never ends the scan.
            Files.write(file, summed(damaged));
            assertThat(seen(later())).isNotEmpty();
        }
    }

    private static byte[] summed(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(file, 4, file.length - 4);
        ByteBuffer.wrap(file).putInt((int) crc.getValue());
        return file;
    }

    @Test
    void anotherBuildIsNotBelieved() throws IOException, InterruptedException {
        String fresh = seen(later());
        Path file = facts("read-");
        byte[] whole = Files.readAllBytes(file);
        whole[8] ^= 1;
        Files.write(file, summed(whole));
        Files.delete(facts("code-"));
        assertThat(seen(later())).isEqualTo(fresh);
        assertThat(facts("code-")).as("all was read").isNotNull();
    }

    @Test
    void aPlaceThatCannotBeWrittenToCostsTimeOnly() throws IOException, InterruptedException {
        String fresh = seen(later());
        Path file = facts("read-");
        Files.delete(file);
        Files.createDirectories(file.resolve("in-the-way"));
        assertThat(seen(later())).isEqualTo(fresh);
        assertThat(seen(later())).isEqualTo(fresh);
    }

    private interface Change {
        void make() throws IOException;
    }

    /** @param before something that is seen before and not afterwards; empty where something is only added */
    private String assertChangeIsSeen(String before, Change change) throws IOException, InterruptedException {
        String first = seen(later());
        assertThat(first).contains(before);
        assertThat(facts("read-")).isNotNull();
        tick();
        change.make();
        String second = seen(later());
        assertThat(second).isNotEqualTo(first).isEqualTo(told(new CodeReader(FactCache.none())));
        if (!before.isEmpty()) {
            assertThat(second).doesNotContain("port=" + before + ",");
        }
        assertThat(seen(later())).as("kept again").isEqualTo(second);
        return second;
    }

    private String seen(InstantSource clock) throws IOException, InterruptedException {
        return told(new CodeReader(FactCache.in(cache), CodeReader.HEALTH_ENDPOINTS, clock));
    }

    private String told(CodeReader reader) throws IOException, InterruptedException {
        Code code = reader.read(ScannedTree.at(root), "agents", List.of());
        String told = code.directories() + "\n" + code.children() + "\n" + code.linkedChildren() + "\n"
                + code.childrenIncomplete() + "\n" + code.program("scripts/run.py") + "\n"
                + code.started("agents/one/main.py", STARTED) + "\n" + code.program("nothing.py") + "\n"
                + code.setting("gunicorn.conf.py", "bind", Start.PLAIN) + "\n" + code.text("gunicorn.conf.py");
        code.keep();
        return told;
    }

    /** When nothing in the tree is new any more. */
    private InstantSource later() throws IOException {
        return InstantSource.fixed(changed(temporary).plus(Duration.ofHours(1)));
    }

    private static Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    }

    /** Until the file system's clock shows another time than that of everything so far. */
    private void tick() throws IOException {
        Path probe = temporary.resolve("probe");
        Files.writeString(probe, "");
        Instant before = changed(probe);
        while (!changed(probe).isAfter(before)) {
            Files.writeString(probe, "again");
        }
    }

    private @Nullable Path facts(String kind) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(kind))
                    .findFirst()
                    .orElse(null);
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, content);
    }
}
