package dev.panoptes.cli.investigate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What a file is, by its first bytes; where it is compressed by gzip, by those of what it holds. */
final class Content {
    private static final int HEAD = 1 << 15;
    private static final int PIECE = 1 << 18;
    private static final int TAR_MAGIC = 257;
    /** What a file begins with -> what it is, and what makes of it what is read here. */
    private static final Map<String, String> PACKED = Map.of(
            "\u00fd7zXZ\0", "compressed by xz, which is not read; unpack it: xz -dk",
            "\u0028\u00b5\u002f\u00fd", "compressed by zstd, which is not read; unpack it: zstd -dk",
            "BZh", "compressed by bzip2, which is not read; unpack it: bzip2 -dk",
            "7z\u00bc\u00af", "an archive of 7z, which is not read; unpack it: 7z x",
            "PK\u0003\u0004", "a zip archive, which is not read; unpack it: unzip");

    private final byte[] head;
    private final String text;

    private Content(byte[] head) {
        this.head = head;
        this.text = new String(head, StandardCharsets.ISO_8859_1);
    }

    static Content of(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return new Content(in.readNBytes(HEAD));
        }
    }

    /** Its bytes, unpacked where it is compressed by gzip. */
    static InputStream open(Path file) throws IOException {
        byte[] magic;
        try (InputStream in = Files.newInputStream(file)) {
            magic = in.readNBytes(2);
        }
        boolean packed = magic.length == 2 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b;
        InputStream whole = Files.newInputStream(file);
        try {
            return packed ? new GZIPInputStream(whole, 1 << 16) : whole;
        } catch (IOException e) {
            whole.close(); // its header is cut off or broken
            throw e;
        }
    }

    boolean empty() {
        return head.length == 0;
    }

    /** Why nothing here can read it, and what would make something of it that is read; null where that is not known. */
    @Nullable
    String refusal(String named) {
        if (text.startsWith("LPKSHHRH")) { // systemd's "Journal File Format", Header
            return "a binary journal, which is not read; journalctl --file=" + named
                    + " -o export tells it as one that is";
        }
        if (text.startsWith("ustar", TAR_MAGIC)) {
            return "a tar archive, which is not read; unpack it into a folder and give that";
        }
        for (Map.Entry<String, String> packed : PACKED.entrySet()) {
            if (text.startsWith(packed.getKey())) {
                return packed.getValue() + " " + named;
            }
        }
        return null;
    }

    /** Its first line, if it is all there. */
    String firstLine() {
        String utf8 = new String(head, StandardCharsets.UTF_8);
        int end = utf8.indexOf('\n');
        return end < 0 ? utf8 : utf8.substring(0, end);
    }

    boolean firstLineIsCut() {
        return text.indexOf('\n') < 0;
    }

    /** Records of the kernel's audit of which the first names no host: they are those of one machine, and do not say which. */
    boolean auditWithoutHost() {
        return text.startsWith("type=") && text.contains(" msg=audit(");
    }

    /** No packets, and bytes that no text has. */
    boolean binary() {
        return text.indexOf('\0') >= 0 && !text.contains("__REALTIME_TIMESTAMP") && !packets();
    }

    private boolean packets() {
        int magic = head.length < 4
                ? 0
                : (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
        return magic == 0xa1b2c3d4
                || magic == 0xd4c3b2a1
                || magic == 0xa1b23c4d
                || magic == 0x4d3cb2a1
                || magic == 0x0a0d0d0a;
    }

    /** The sensors that may know what to make of it. */
    List<String> sensors(Path file) throws IOException {
        if (packets()) {
            return List.of("dns", "flow", "snmp");
        }
        if (text.startsWith("{") || text.contains("__CURSOR=") || text.contains("__REALTIME_TIMESTAMP")) {
            return List.of("auth", "kernel_audit", "peripheral", "dns");
        }
        if (text.contains("msg=audit(") && !text.contains(" kernel: audit")) {
            return List.of("kernel_audit");
        }
        if (text.indexOf('\0') >= 0) {
            return List.of("flow", "peripheral", "auth");
        }
        // Reading a log costs more than looking whether there is anything in it for a sensor.
        List<String> sensors = new ArrayList<>(List.of("auth"));
        boolean[] found = found(file, List.of("kernel", "ACTION=", "dnsmasq", "unbound", "named[", "query["));
        if (found[0] || found[1]) {
            sensors.add("peripheral");
        }
        if (found[2] || found[3] || found[4] || found[5]) {
            sensors.add("dns");
        }
        return sensors;
    }

    private static boolean[] found(Path file, List<String> words) throws IOException {
        boolean[] found = new boolean[words.size()];
        try (InputStream in = open(file)) {
            String before = "";
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                String text = before + new String(piece, StandardCharsets.ISO_8859_1);
                for (int i = 0; i < found.length; i++) {
                    found[i] |= text.contains(words.get(i));
                }
                before = text.substring(Math.max(0, text.length() - 16));
            }
        }
        return found;
    }
}
