package dev.panoptes.sensors.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of an installed package as rpm keeps it: how many entries and octets of data there are, the entries (tag, type,
 * place, number), and the data (format_header.md of the project). Whatever is broken in it is an {@link IOException}. Pure.
 */
final class RpmHeader {
    private static final int NAME = 1000;
    private static final int VERSION = 1001;
    private static final int RELEASE = 1002;
    private static final int EPOCH = 1003;
    private static final int DIGESTS = 1035;
    private static final int FLAGS = 1037;
    private static final int DIRECTORY_OF = 1116;
    private static final int NAMES = 1117;
    private static final int DIRECTORIES = 1118;
    private static final int ALGORITHM = 5011;
    private static final int MOST_ENTRIES = 65_536;
    /** A file that the package only claims: its content is not the package's. */
    private static final int GHOST = 64;

    private final ByteBuffer blob;
    private final int entries;

    private RpmHeader(ByteBuffer blob, int entries) {
        this.blob = blob;
        this.entries = entries;
    }

    /** One file. @param digest in hexadecimal; empty where the package has none of its content */
    record OwnedFile(String path, String digest) {}

    static RpmHeader of(byte[] octets) throws IOException {
        ByteBuffer blob = ByteBuffer.wrap(octets);
        int entries = octets.length < 8 ? -1 : blob.getInt(0);
        if (entries < 0 || entries > MOST_ENTRIES || 8 + 16L * entries > octets.length) {
            throw new IOException("no header of a package");
        }
        return new RpmHeader(blob, entries);
    }

    String name() throws IOException {
        List<String> names = texts(NAME);
        return names.isEmpty() ? "" : names.getFirst();
    }

    /** {@code [epoch:]version-release}. */
    String version() throws IOException {
        List<String> version = texts(VERSION);
        List<String> release = texts(RELEASE);
        List<Integer> epoch = numbers(EPOCH);
        return (epoch.isEmpty() ? "" : epoch.getFirst() + ":")
                + (version.isEmpty() ? "" : version.getFirst())
                + (release.isEmpty() ? "" : "-" + release.getFirst());
    }

    /** The name by which Java knows the digests' algorithm. */
    String algorithm() throws IOException {
        List<Integer> algorithm = numbers(ALGORITHM);
        return switch (algorithm.isEmpty() ? 1 : algorithm.getFirst()) {
            case 1 -> "MD5";
            case 2 -> "SHA-1";
            case 8 -> "SHA-256";
            case 9 -> "SHA-384";
            case 10 -> "SHA-512";
            case 11 -> "SHA-224";
            default -> "";
        };
    }

    List<OwnedFile> files() throws IOException {
        List<String> names = texts(NAMES);
        List<String> directories = texts(DIRECTORIES);
        List<Integer> of = numbers(DIRECTORY_OF);
        List<String> digests = texts(DIGESTS);
        List<Integer> flags = numbers(FLAGS);
        List<OwnedFile> files = new ArrayList<>(names.size());
        for (int i = 0; i < names.size() && i < of.size(); i++) {
            int directory = of.get(i);
            if (directory < 0 || directory >= directories.size()) {
                throw new IOException("a file lies in no directory");
            }
            boolean ghost = i < flags.size() && (flags.get(i) & GHOST) != 0;
            files.add(new OwnedFile(
                    directories.get(directory) + names.get(i), ghost || i >= digests.size() ? "" : digests.get(i)));
        }
        return files;
    }

    /** Where an entry's data begins, and how many values it has; null where there is no such entry. */
    private int @org.jspecify.annotations.Nullable [] find(int tag) throws IOException {
        for (int i = 0; i < entries; i++) {
            int at = 8 + 16 * i;
            if (blob.getInt(at) == tag) {
                long place = 8 + 16L * entries + blob.getInt(at + 8);
                int count = blob.getInt(at + 12);
                if (place < 8 || place > blob.limit() || count < 0 || count > blob.limit()) {
                    throw new IOException("an entry lies beyond its header");
                }
                return new int[] {(int) place, count};
            }
        }
        return null;
    }

    private List<Integer> numbers(int tag) throws IOException {
        int[] place = find(tag);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; place != null && i < place[1]; i++) {
            if (place[0] + 4L * i + 4 > blob.limit()) {
                throw new IOException("numbers are cut");
            }
            numbers.add(blob.getInt(place[0] + 4 * i));
        }
        return numbers;
    }

    private List<String> texts(int tag) throws IOException {
        int[] place = find(tag);
        List<String> texts = new ArrayList<>();
        int at = place == null ? 0 : place[0];
        for (int i = 0; place != null && i < place[1]; i++) {
            int end = at;
            while (end < blob.limit() && blob.get(end) != 0) {
                end++;
            }
            if (end >= blob.limit()) {
                throw new IOException("a text is cut");
            }
            texts.add(new String(blob.array(), at, end - at, StandardCharsets.UTF_8));
            at = end + 1;
        }
        return texts;
    }
}
