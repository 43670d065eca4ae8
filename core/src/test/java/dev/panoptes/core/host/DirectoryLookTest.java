package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's word on the entries of a directory is what Java has of it too. */
class DirectoryLookTest {
    private static final String ATTRIBUTES = "unix:mode,uid,gid,ino,ctime,lastModifiedTime,size";

    @TempDir
    Path directory;

    /** What a look told of each entry. */
    private static final class Told implements DirectoryLook.Visitor {
        private final Map<String, String> entries = new TreeMap<>();
        private final String directory;
        private int foreign;

        Told(Path directory) {
            this.directory = directory.toString();
        }

        @Override
        public void entry(DirectoryLook look) {
            String path = directory + "/" + look.name();
            byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
            int from = directory.length() + 1;
            assertThat(look.isName(bytes, from, bytes.length - from)).isTrue();
            assertThat(look.isName(bytes, from, bytes.length - from - 1)).isFalse();
            assertThat(look.isName(bytes, from - 1, bytes.length - from)).isFalse();
            assertStatus(look);
            entries.put(
                    look.name(),
                    line(
                            look.mode(),
                            look.uid(),
                            look.gid(),
                            look.inode(),
                            look.changed(),
                            look.modified(),
                            look.size()));
        }

        @Override
        public void unknown(DirectoryLook look) {
            entries.put(look.name(), "unknown");
        }

        @Override
        public void foreign() {
            foreign++;
        }
    }

    /** Every octet of it counts. */
    private static void assertStatus(DirectoryLook look) {
        long second = 1_000_000_000L;
        byte[] kept = ByteBuffer.allocate(3 + DirectoryLook.STATUS)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(3)
                .putInt(look.uid())
                .putInt(look.gid())
                .putShort((short) look.mode())
                .putLong(look.inode())
                .putLong(look.size())
                .putLong(Math.floorDiv(look.changed(), second))
                .putInt((int) Math.floorMod(look.changed(), second))
                .putLong(Math.floorDiv(look.modified(), second))
                .putInt((int) Math.floorMod(look.modified(), second))
                .array();
        assertThat(look.isStatus(kept, 3)).isTrue();
        for (int i = 0; i < kept.length; i++) {
            kept[i] ^= 1;
            assertThat(look.isStatus(kept, 3)).isEqualTo(i < 3);
            kept[i] ^= 1;
        }
    }

    private static String line(Object... values) {
        return String.join(
                " ", java.util.Arrays.stream(values).map(Object::toString).toList());
    }

    private static String java(Path file) throws IOException {
        Map<String, Object> seen = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return line(
                seen.get("mode"),
                seen.get("uid"),
                seen.get("gid"),
                seen.get("ino"),
                ((FileTime) seen.get("ctime")).to(TimeUnit.NANOSECONDS),
                ((FileTime) seen.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                seen.get("size"));
    }

    private static DirectoryLook look() {
        DirectoryLook look = DirectoryLook.open().orElse(null);
        assumeTrue(look != null, "this C library or machine has no statx that is known");
        return look;
    }

    @Test
    void tellsOfEachEntryWhatJavaTells() throws IOException {
        Files.writeString(directory.resolve("file"), "content");
        Files.setLastModifiedTime(directory.resolve("file"), FileTime.from(-1_500_000_001L, TimeUnit.NANOSECONDS));
        Files.createDirectory(directory.resolve("inner"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        Files.createFile(directory.resolve(".hidden"));
        Files.createFile(directory.resolve("..two"));
        Files.createLink(directory.resolve("again"), directory.resolve("file"));
        Told told = new Told(directory);
        try (DirectoryLook look = look()) {
            assertThat(look.list(directory.toString(), told)).isTrue();
        }
        Map<String, String> expected = new TreeMap<>();
        for (String name : new String[] {"file", "inner", "link", ".hidden", "..two", "again"}) {
            expected.put(name, java(directory.resolve(name)));
        }
        assertThat(told.entries).isEqualTo(expected);
        assertThat(told.foreign).isZero();
    }

    @Test
    void aDirectoryOfMoreEntriesThanOneCallGivesIsToldWhole() throws IOException {
        String longName = "n".repeat(200);
        for (int i = 0; i < 400; i++) {
            Files.createFile(directory.resolve(longName + i));
        }
        Told told = new Told(directory);
        try (DirectoryLook look = look()) {
            assertThat(look.list(directory.toString(), told)).isTrue();
        }
        assertThat(told.entries).hasSize(400);
    }

    @Test
    void whatCannotBeListedIsSaidToBeSo() throws IOException {
        Files.createFile(directory.resolve("file"));
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), inner);
        Told told = new Told(directory);
        try (DirectoryLook look = look()) {
            assertThat(look.list(directory.resolve("file").toString(), told)).isFalse();
            assertThat(look.list(directory.resolve("gone").toString(), told)).isFalse();
            assertThat(look.list(link.toString(), told)).as("a link").isFalse();
            assertThat(look.list("/" + "x".repeat(5000), told)).isFalse();
            assertThat(look.list("/\u00e4", told)).isFalse();
            assertThat(look.list(inner.toString(), told)).isTrue();
        }
        assertThat(told.entries).isEmpty();
    }
}
