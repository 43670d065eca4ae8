package dev.panoptes.sensors.fileintegrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Positions;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first look makes the baseline; every later one, also of another run, tells what differs. */
class FileIntegrityWatchTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    @TempDir
    Path directory;

    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();

    private final EventSink sink = new EventSink() {
        @Override
        public void event(Event.Builder event) {
            told.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {}

        @Override
        public void malformed(String provider, long count) {}

        @Override
        public void position(String source, String position) {}

        @Override
        public void flush() {}
    };

    private Surroundings surroundings(Host host, String path, boolean once) throws IOException {
        Path state = Files.createDirectories(directory.resolve("data/file_integrity/state"));
        YamlResult read = new YamlReader().parse(("paths: [" + path + "]").getBytes(StandardCharsets.UTF_8), "test");
        Settings settings = Settings.of((YamlNode.Mapping) ((YamlResult.Parsed) read).root(), "");
        return new Surroundings(
                host,
                new Privileges(0, 0, false),
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                settings,
                Positions.NONE,
                state,
                once);
    }

    private List<String> look(Path root) throws IOException, InterruptedException {
        told.clear();
        try (FileIntegrityWatch watch = new FileIntegrityWatch(surroundings(new Host(root), "/etc", true), sink)) {
            watch.collect(new Cycle(1, NOW));
        }
        return told.stream()
                .map(event -> event.action() + " " + event.text("file.path") + " " + event.values("file.changed"))
                .sorted()
                .toList();
    }

    @Test
    void whatDiffersIsToldOnce() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Path etc = Files.createDirectories(root.resolve("etc"));
        Files.writeString(etc.resolve("a"), "one");
        Files.writeString(etc.resolve("b"), "two");
        Files.writeString(etc.resolve("c"), "three");
        Files.writeString(etc.resolve("tab\tname"), "four");
        assertThat(look(root)).isEmpty();
        assertThat(look(root)).isEmpty();
        Files.writeString(etc.resolve("a"), "uno");
        Files.setPosixFilePermissions(etc.resolve("b"), PosixFilePermissions.fromString("rwsr-xr-x".replace('s', 'x')));
        Files.move(etc.resolve("c"), etc.resolve("d"));
        Files.createSymbolicLink(etc.resolve("link"), Path.of("/tmp/x"));
        Files.delete(etc.resolve("tab\tname"));
        assertThat(look(root))
                .containsExactly(
                        "attributes_changed /etc/b [mode]",
                        "created /etc/link []",
                        "deleted /etc/tab\tname []",
                        "modified /etc/a [content, mtime]",
                        "moved /etc/d [path]");
        assertThat(look(root)).isEmpty();
    }

    /** Names that are no ASCII, names of one hash, and many names of one file are each found as what they were. */
    @Test
    void everyNameIsFoundAgain() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Path etc = Files.createDirectories(root.resolve("etc/inner/deep"));
        Path first = etc.resolve("AaAaAaAaAaAaAa");
        Files.writeString(first, "one");
        for (int i = 1; i < 128; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 7; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // all have one hash
            }
            Files.createLink(etc.resolve(name.toString()), first);
        }
        Path umlaut;
        try {
            umlaut = etc.resolve("gr\u00fc\u00df.conf");
        } catch (java.nio.file.InvalidPathException e) {
            umlaut = etc.resolve("plain.conf"); // this process cannot name it
        }
        Files.writeString(umlaut, "one");
        Path ordinary = Files.writeString(etc.resolve("ordinary"), "one");
        assertThat(look(root)).isEmpty();
        assertThat(look(root)).isEmpty();
        Files.writeString(umlaut, "two");
        Files.writeString(ordinary, "two");
        Files.delete(etc.resolve("AaBBAaBBAaBBAa"));
        assertThat(look(root))
                .containsExactly(
                        "deleted /etc/inner/deep/AaBBAaBBAaBBAa []",
                        "modified /etc/inner/deep/" + umlaut.getFileName() + " [content, mtime]",
                        "modified /etc/inner/deep/ordinary [content, mtime]");
        assertThat(look(root)).isEmpty();
    }

    /** A content that was put back with its old time is still told: the change time cannot be put back. */
    @Test
    void anOldTimeHidesNothing() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Path file = Files.createDirectories(root.resolve("etc")).resolve("passwd");
        Files.writeString(file, "root:x:0:0:root:/root:/bin/bash\n");
        look(root);
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, "toor:x:0:0:root:/root:/bin/bash\n");
        Files.setLastModifiedTime(file, time);
        assertThat(look(root)).containsExactly("modified /etc/passwd [content]");
        assertThat(told.peek().text("file.previous.hash.sha256"))
                .isNotEqualTo(told.peek().text("file.hash.sha256"));
        assertThat(told.peek().text("file.mode")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChangeIsToldAtOnceWhereTheKernelTellsOfIt(boolean again) throws IOException, InterruptedException {
        Path watched = Files.createDirectories(directory.resolve("watched"));
        Files.writeString(watched.resolve("a"), "one");
        if (again) { // a run before has seen the directory, this one has not
            try (FileIntegrityWatch watch =
                    new FileIntegrityWatch(surroundings(Host.live(), watched.toString(), true), sink)) {
                watch.collect(new Cycle(1, NOW));
            }
        }
        try (FileIntegrityWatch watch =
                new FileIntegrityWatch(surroundings(Host.live(), watched.toString(), false), sink)) {
            watch.collect(new Cycle(1, NOW));
            List<String> wanted = List.of("created", "modified", "deleted");
            List<String> seen = new ArrayList<>();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            int number = 0;
            // The directory is watched a moment after the first look.
            while (!seen.containsAll(wanted) && System.nanoTime() < end) {
                Path file = watched.resolve("f" + number++);
                Files.writeString(file, "x");
                Files.writeString(watched.resolve("a"), "n" + number);
                Event event = told.poll(500, TimeUnit.MILLISECONDS);
                Files.delete(file);
                while (event != null) {
                    seen.add(String.valueOf(event.action()));
                    assertThat(event.text("event.provider")).isEqualTo("inotify");
                    event = told.poll(400, TimeUnit.MILLISECONDS);
                }
            }
            assertThat(seen).containsAll(wanted);
        }
    }

    private List<String> lookAt(Path root, String paths) throws IOException, InterruptedException {
        told.clear();
        try (FileIntegrityWatch watch = new FileIntegrityWatch(surroundings(new Host(root), paths, true), sink)) {
            watch.collect(new Cycle(1, NOW));
        }
        return told.stream()
                .map(event -> event.action() + " " + event.text("file.path"))
                .sorted()
                .toList();
    }

    @Test
    void whatAnotherConfigurationLeavesOutIsNotDeletedAndWhatItAddsIsNotCreated()
            throws IOException, InterruptedException {
        Path root = directory.resolve("host");
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("srv"));
        Files.writeString(root.resolve("etc/a"), "1");
        Files.writeString(root.resolve("srv/b"), "1");
        assertThat(lookAt(root, "/etc, /srv")).isEmpty();
        assertThat(lookAt(root, "/etc")).isEmpty();
        Files.writeString(root.resolve("srv/c"), "1");
        // It was not looked at meanwhile: nobody can say what happened there.
        assertThat(lookAt(root, "/etc/, /srv")).isEmpty();
        Files.writeString(root.resolve("srv/d"), "1");
        Files.delete(root.resolve("srv/c"));
        assertThat(lookAt(root, "/srv, /etc"))
                .contains("created /srv/d", "deleted /srv/c")
                .doesNotContain("created /srv/b");
    }

    private static Object attribute(Path file, String name) throws IOException {
        Object value = Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
        return value instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : value;
    }

    /** As every version before the third form wrote it. */
    private static String line(String path, String type, Path file, String target, String sha256) throws IOException {
        return String.join(
                "\t",
                path,
                type,
                attribute(file, "size").toString(),
                attribute(file, "lastModifiedTime").toString(),
                attribute(file, "ctime").toString(),
                Integer.toString((int) attribute(file, "mode") & 07777),
                attribute(file, "uid").toString(),
                attribute(file, "gid").toString(),
                attribute(file, "ino").toString(),
                target,
                sha256,
                "");
    }

    private static String older(Path etc, String head) throws IOException {
        return head
                + line("/etc", "dir", etc, "", "") + "\n"
                + line("/etc/a", "file", etc.resolve("a"), "", "6b".repeat(32)) + "\n"
                + line("/etc/l\\ti", "symlink", etc.resolve("l\ti"), "=/x", "") + "\n"
                + "end 3\n";
    }

    @Test
    void aBaselineOfAnOlderFormIsReadAndWrittenAnew() throws IOException, InterruptedException {
        Path root = directory.resolve("host");
        Path etc = Files.createDirectories(root.resolve("etc"));
        Files.writeString(etc.resolve("a"), "1");
        Files.createSymbolicLink(etc.resolve("l\ti"), Path.of("/x"));
        Path file = directory.resolve("data/file_integrity/state/baseline");
        lookAt(root, "/etc");
        for (String head : List.of(
                "panoptes baseline 1\n",
                "panoptes baseline 2\n" + new Scope(List.of("/etc"), Set.of()).line() + "\n")) {
            Files.writeString(file, older(etc, head));
            assertThat(lookAt(root, "/etc")).isEmpty();
            assertThat(head(file)).isEqualTo("panoptes baseline 3");
            Files.writeString(file, older(etc, head));
            Files.writeString(etc.resolve("b"), "1");
            assertThat(lookAt(root, "/etc")).containsExactly("created /etc/b");
            assertThat(lookAt(root, "/etc")).isEmpty();
            // Its digest was another, as its line says; only who looked at the file again would know.
            Files.writeString(etc.resolve("a"), "1");
            assertThat(lookAt(root, "/etc")).containsExactly("modified /etc/a");
            Files.delete(etc.resolve("b"));
        }
        String whole = older(etc, "panoptes baseline 1\n");
        for (String broken : List.of(
                "",
                "x\n",
                whole.substring(0, whole.length() - 3),
                whole.replace("\tfile\t", "\tfill\t"),
                whole.replace("\tfile\t", "\tfile\tx"),
                whole.replace("\tfile\t", "\tfile\t99999999999999999999"),
                whole.replace("\tdir\t", "\tdir\t\t"),
                whole.replace("6b6b", "6b6x"),
                whole.replaceFirst("(\tfile\t[^\t]*\t[^\t]*\t[^\t]*\t)", "$199999999999"),
                whole.replace("\nend ", "\nend 1"))) {
            Files.writeString(file, broken);
            assertThat(lookAt(root, "/etc")).as(broken).isEmpty();
        }
    }

    private static String head(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLookThatFindsNothingChangedLeavesTheBaselineAlone() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Path etc = Files.createDirectories(root.resolve("etc/d"));
        Files.writeString(etc.resolve("a"), "one");
        Files.createSymbolicLink(etc.resolve("link"), Path.of("/tmp/x"));
        look(root);
        Path file = directory.resolve("data/file_integrity/state/baseline");
        Object inode = Files.getAttribute(file, "unix:ino");
        assertThat(look(root)).isEmpty();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        Files.delete(etc.resolve("link"));
        assertThat(look(root)).containsExactly("deleted /etc/d/link []");
        assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(inode);
        assertThat(look(root)).isEmpty();
    }

    @Test
    void aBaselineThatIsCutOrChangedIsMadeAnew() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Path etc = Files.createDirectories(root.resolve("etc"));
        Files.writeString(etc.resolve("a"), "one");
        look(root);
        Path file = directory.resolve("data/file_integrity/state/baseline");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(etc.resolve("b"), "two");
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 0x41;
            Files.write(file, changed);
            assertThat(look(root)).as("octet " + i).isEmpty();
            Files.write(file, Arrays.copyOf(whole, i));
            assertThat(look(root)).as(i + " octets").isEmpty();
        }
        Files.write(file, whole);
        assertThat(look(root)).containsExactly("created /etc/b []");
    }

    /** What comes, goes and changes in one directory leaves the others of it what they were, in whatever order they are told. */
    @Test
    void aDirectoryWhereMuchChangesIsToldRight() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Path etc = Files.createDirectories(root.resolve("etc"));
        Random random = new Random(7);
        Set<String> names = new TreeSet<>();
        for (int round = 0; round < 12; round++) {
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < 40; i++) {
                String name = "f" + random.nextInt(120);
                Path file = etc.resolve(name);
                boolean known = names.contains(name);
                if (expected.stream().anyMatch(line -> line.contains("/" + name + " "))) {
                    continue; // once a round
                }
                if (known && random.nextInt(3) > 0) {
                    Files.delete(file);
                    names.remove(name);
                    expected.add("deleted /etc/" + name + " []");
                } else {
                    Files.writeString(file, name + round + "x".repeat(round));
                    names.add(name);
                    expected.add(
                            known
                                    ? "modified /etc/" + name + " [content, mtime, size]"
                                    : "created /etc/" + name + " []");
                }
            }
            List<String> seen = look(root).stream()
                    .map(line -> line.replace("[content, size, mtime]", "[content, mtime, size]"))
                    .toList();
            assertThat(seen).containsExactlyElementsOf(round == 0 ? List.of() : List.copyOf(expected));
            assertThat(look(root)).isEmpty();
        }
    }

    @Test
    void pathsThatLieInOneAnotherAreLookedAtOnce() throws IOException, InterruptedException {
        Path root = directory.resolve("root");
        Files.createDirectories(root.resolve("etc/in/deep"));
        Files.writeString(root.resolve("etc/in/deep/a"), "one");
        Files.createSymbolicLink(root.resolve("way"), Path.of("etc/in"));
        String paths = "/etc/in/deep, /etc, /etc/in, /way/deep, /none";
        assertThat(lookAt(root, paths)).isEmpty();
        assertThat(lookAt(root, paths)).isEmpty();
        Files.writeString(root.resolve("etc/in/deep/a"), "two");
        Files.writeString(root.resolve("etc/b"), "new");
        assertThat(lookAt(root, paths))
                .containsExactly("created /etc/b", "modified /etc/in/deep/a", "modified /way/deep/a");
        assertThat(lookAt(root, "/, " + paths)).isEmpty();
        Files.delete(root.resolve("etc/in/deep/a"));
        assertThat(lookAt(root, "/, " + paths)).containsExactly("deleted /etc/in/deep/a", "deleted /way/deep/a");
    }
}
