package dev.panoptes.core.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the kernel dropped of the datagrams for this host's UDP sockets because nobody took them in time (proc(5)). */
public final class UdpDrops {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final int LOCAL = 1;
    private static final int COLUMNS = 13;

    private UdpDrops() {}

    /** Datagrams since the sockets of this local port were opened; 0 where none is, or the kernel does not tell. */
    public static long of(int port) {
        long dropped = 0;
        for (Path table : TABLES) {
            try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
                dropped += lines.mapToLong(line -> dropped(line, port)).sum();
            } catch (IOException e) {
                continue; // a kernel without IPv6 has one of them only
            }
        }
        return dropped;
    }

    /** {@code sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops}. */
    static long dropped(String line, int port) {
        String[] words = line.strip().split(" +");
        if (words.length < COLUMNS || !words[LOCAL].endsWith(String.format(Locale.ROOT, ":%04X", port))) {
            return 0;
        }
        try {
            return Long.parseLong(words[COLUMNS - 1]);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
